//! The proxy: what it passes on, what it keeps back, and what it says of what passed.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use crustdata_conformance::assessment::Assessment;
use crustdata_conformance::checks::CHECKS;
use crustdata_conformance::proxy::{Limits, Passed, Proxy, ProxyConfig, Tell};
use crustdata_conformance::results::{Results, Rules, Status, Target};
use crustdata_conformance::traffic::Traffic;
use crustdata_mock::{Clock, MOCK_KEY, Mock, MockConfig};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use url::Url;

use crate::mock_fixture::{client, read, submission};
use crate::process::{command, printed};
use crate::recorded::judged;

/// Bytes that were written, for whoever looks.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Written {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// A proxy, and what it says.
struct Between {
    proxy: Proxy,
    client: Client,
    har: Written,
    told: Written,
}

impl Between {
    async fn with(upstream: Url, limits: Option<Limits>, rewrite_links: bool) -> Self {
        let (har, told) = (Written::default(), Written::default());
        let mut traffic = Traffic::new(Assessment::new(CHECKS, None), Some(&upstream));
        traffic.record(har.clone(), &upstream);
        let config = ProxyConfig {
            upstream,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            limits,
            rewrite_links,
        };
        let tell = || -> Tell {
            let mut told = told.clone();
            Box::new(move |line| writeln!(told, "{line}").unwrap())
        };
        let proxy = Proxy::start(config, traffic, tell(), tell()).await.unwrap();
        Self {
            proxy,
            client: client(),
            har,
            told,
        }
    }

    fn url(&self, path: &str) -> Url {
        self.proxy.base_url().join(path).unwrap()
    }

    async fn submit(&self, body: &Value) -> reqwest::Response {
        let request = self.client.post(self.url("/batch/person/contact/enrich"));
        let request = request
            .bearer_auth(MOCK_KEY)
            .header("x-api-version", "2025-11-01");
        let request = request.header("content-type", "application/json");
        request.body(body.to_string()).send().await.unwrap()
    }

    async fn get(&self, path: &str) -> Value {
        let request = self.client.get(self.url(path)).bearer_auth(MOCK_KEY);
        read(
            request
                .header("x-api-version", "2025-11-01")
                .send()
                .await
                .unwrap(),
        )
        .await
        .1
    }

    /// Submits, and polls until the job is over.
    async fn job(&self, body: &Value) -> Value {
        let (status, job) = read(self.submit(body).await).await;
        assert!(status.is_success(), "{job}");
        let path = format!("/batch/{}", job["batch_id"].as_str().unwrap());
        loop {
            let job = self.get(&path).await;
            if job["status"] == "completed" {
                return job;
            }
        }
    }

    async fn stop(self) -> (Passed, Written, Written) {
        drop(self.client);
        (self.proxy.stop().await, self.har, self.told)
    }
}

fn results(passed: Passed) -> Results {
    let mut traffic = passed.traffic.expect("judging did not fail");
    traffic.finish_recording().unwrap();
    let target = Target {
        base_url: String::new(),
        embedded: false,
        faults: Vec::new(),
    };
    Results::of_exchanges(target, traffic.finish().0, &Rules::default())
}

async fn mock(fault: &[&str]) -> Mock {
    let config = MockConfig {
        clock: Clock::Ticking(Duration::from_secs(30)),
        faults: fault
            .iter()
            .map(|name| crustdata_mock::find(name).unwrap())
            .collect(),
        ..MockConfig::default()
    };
    config.start().await.unwrap()
}

#[tokio::test]
async fn traffic_is_judged_and_recorded_without_its_key() {
    let mock = mock(&[]).await;
    let between = Between::with(mock.base_url(), Some(Limits::default()), false).await;
    let job = between.job(&submission(2)).await;
    let link = job["download_url"].as_str().unwrap();
    assert!(
        link.starts_with(mock.base_url().as_str()),
        "{link} is left as it is"
    );
    between.get("/batch").await;
    let (passed, har, told) = between.stop().await;
    assert_eq!((passed.lost, passed.spent), (0, Some((1, 10.0))));
    let results = results(passed);
    assert_eq!(results.count(Status::Fail) + results.count(Status::Warn), 0);
    assert_eq!(results.jobs.len(), 1);
    assert_eq!(told.text(), "");
    let har = har.text();
    assert!(!har.contains(MOCK_KEY), "{har}");
    let again = judged(&serde_json::from_str(&har).expect("it is whole"));
    // Times in HAR are taken for rounded, so that a little less follows from them.
    assert_eq!(again.count(Status::Fail) + again.count(Status::Warn), 0);
    assert_eq!(again.totals.exchanges, results.totals.exchanges);
}

#[tokio::test]
async fn findings_are_told_as_they_come() {
    let mock = mock(&["entity-company"]).await;
    let between = Between::with(mock.base_url(), None, false).await;
    between.job(&submission(1)).await;
    let (passed, _, told) = between.stop().await;
    assert!(
        told.text()
            .contains("violated: submit.entity: expected `entity`"),
        "{}",
        told.text()
    );
    assert_eq!(results(passed).count(Status::Fail), 1);
}

#[tokio::test]
async fn what_would_be_paid_twice_is_not_passed_on() {
    let mock = mock(&[]).await;
    let limits = Limits {
        max_jobs: Some(2),
        max_credits: Some(20.0),
    };
    let between = Between::with(mock.base_url(), Some(limits), false).await;
    let received = || {
        mock.requests()
            .iter()
            .filter(|request| request.method == "POST")
            .count()
    };
    let blocked = async |body: &Value| {
        let before = received();
        let response = between.submit(body).await;
        let own = response.headers().get("x-conformance-proxy").cloned();
        let (status, error) = read(response).await;
        assert_eq!(own.unwrap(), "blocked");
        assert!(error["error"]["message"].is_string() && error["error"]["metadata"].is_object());
        assert_eq!(received(), before);
        status
    };
    assert!(between.submit(&submission(2)).await.status().is_success());
    // The same identifiers, written in another way.
    let mut again = submission(2);
    let urls = &mut again["professional_network_profile_urls"];
    urls.as_array_mut().unwrap().reverse();
    assert_eq!(blocked(&again).await, StatusCode::CONFLICT);
    assert_eq!(blocked(&submission(3)).await, StatusCode::PAYMENT_REQUIRED);
    // What is refused costs nothing.
    assert_eq!(
        between.submit(&json!({"fields": ["x"]})).await.status(),
        StatusCode::PAYMENT_REQUIRED
    );
    assert!(between.submit(&submission(1)).await.status().is_success());
    let other = json!({"professional_network_profile_urls": ["https://www.linkedin.com/in/else"], "fields": ["x"]});
    assert_eq!(blocked(&other).await, StatusCode::PAYMENT_REQUIRED);
    let (passed, _, told) = between.stop().await;
    assert_eq!(passed.spent, Some((2, 15.0)));
    assert_eq!(
        told.text()
            .lines()
            .filter(|line| line.starts_with("blocked: "))
            .count(),
        4
    );
    // What the proxy answers itself is not judged.
    assert_eq!(results(passed).totals.exchanges, 2);
}

#[tokio::test]
async fn a_job_that_is_over_may_be_submitted_again_and_an_observer_stops_nobody() {
    let mock = mock(&[]).await;
    let between = Between::with(mock.base_url(), Some(Limits::default()), false).await;
    for _ in 0..2 {
        between.job(&submission(1)).await;
    }
    between.stop().await;
    let between = Between::with(mock.base_url(), None, false).await;
    for _ in 0..2 {
        assert!(between.submit(&submission(1)).await.status().is_success());
    }
    between.stop().await;
}

#[tokio::test]
async fn links_can_lead_through() {
    let mock = mock(&[]).await;
    let between = Between::with(mock.base_url(), None, true).await;
    let job = between.job(&submission(2)).await;
    let link = job["download_url"].as_str().unwrap();
    assert!(
        link.starts_with(between.proxy.base_url().as_str()),
        "{link}"
    );
    let file = between.client.get(link).send().await.unwrap();
    assert_eq!(file.status(), StatusCode::OK);
    // Nobody gets anywhere else.
    let elsewhere = link.replace("/store/", "/other/");
    let refused = between.client.get(elsewhere).send().await.unwrap();
    assert!(refused.status().is_client_error());
    let (passed, ..) = between.stop().await;
    let results = results(passed);
    let pass = |id: &str| {
        results
            .checks
            .iter()
            .any(|check| check.id == id && check.status == Status::Pass)
    };
    assert!(pass("result.count") && pass("job.download-links"));
}

/// A server that notes the bytes of one request, and answers with these.
async fn raw(
    answer: &'static [&'static str],
) -> (Url, oneshot::Receiver<String>, oneshot::Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let (noted, request) = oneshot::channel();
    let (go_on, wait) = oneshot::channel::<()>();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut bytes = vec![0; 4096];
        let length = stream.read(&mut bytes).await.unwrap();
        let _ = noted.send(String::from_utf8_lossy(&bytes[..length]).into_owned());
        let mut wait = Some(wait);
        for piece in answer {
            stream.write_all(piece.as_bytes()).await.unwrap();
            if let Some(wait) = wait.take() {
                let _ = wait.await;
            }
        }
    });
    (url.parse().unwrap(), request, go_on)
}

#[tokio::test]
async fn headers_keep_their_order_and_case_and_bodies_come_as_they_are_sent() {
    let (upstream, request, go_on) = raw(&[
        "HTTP/1.1 200 OK\r\nX-One: 1\r\nContent-Type: text/plain\r\nx-TWO: 2\r\nContent-Length: 6\r\n\r\nabc",
        "def",
    ])
    .await;
    let between = Between::with(upstream, None, false).await;
    let address = between.proxy.base_url().socket_addrs(|| None).unwrap()[0];
    let mut stream = TcpStream::connect(address).await.unwrap();
    let asked = "GET /batch?limit=%31 HTTP/1.1\r\nZ-Last: z\r\nHost: proxy\r\nX-Api-VERSION: 2025-11-01\r\naccept: */*\r\n\r\n";
    stream.write_all(asked.as_bytes()).await.unwrap();
    let seen = request.await.unwrap();
    let lines: Vec<&str> = seen
        .lines()
        .filter(|line| !line.starts_with("Host"))
        .collect();
    assert_eq!(
        lines[..4],
        [
            "GET /batch?limit=%31 HTTP/1.1",
            "Z-Last: z",
            "X-Api-VERSION: 2025-11-01",
            "accept: */*"
        ]
    );
    // The first half is there while the second is not even sent.
    let mut half = Vec::new();
    while !half.ends_with(b"abc") {
        half.push(stream.read_u8().await.unwrap());
    }
    go_on.send(()).unwrap();
    let mut rest = [0; 3];
    stream.read_exact(&mut rest).await.unwrap();
    assert_eq!(&rest, b"def");
    let head = String::from_utf8(half).unwrap();
    assert!(
        head.contains("X-One: 1\r\nContent-Type: text/plain\r\nx-TWO: 2\r\n"),
        "{head}"
    );
    drop(stream);
    between.stop().await;
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_as_a_bad_gateway() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = format!("http://{}/", closed.local_addr().unwrap());
    drop(closed);
    let between = Between::with(nobody.parse().unwrap(), Some(Limits::default()), false).await;
    let (status, error) = read(between.submit(&submission(1)).await).await;
    assert_eq!(status, StatusCode::BAD_GATEWAY);
    assert!(error["error"]["message"].is_string());
    // Whatever became of it, it is not known.
    let again = between.submit(&submission(1)).await.status();
    assert_eq!(again, StatusCode::CONFLICT);
    let (passed, ..) = between.stop().await;
    assert_eq!(results(passed).count(Status::Fail), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_is_run_and_the_verdict_is_its_exit_code() {
    let (right, wrong) = (mock(&[]).await, mock(&["entity-company"]).await);
    let directory = tempfile::tempdir().unwrap();
    let har = directory.path().join("session.har");
    for (mock, code, record) in [(&right, 0, har.to_str().unwrap()), (&wrong, 1, "/dev/full")] {
        let args = format!(
            "proxy --upstream {} --observe --side server --skip webhook.* --record {record} -- {} run --only \
             submit.entity --base-url {{url}} --max-jobs 2",
            mock.base_url(),
            env!("CARGO_BIN_EXE_conformance"),
        );
        let mut command = command(&args);
        command.env("CRUSTDATA_API_KEY", MOCK_KEY);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap());
        let printed = printed(output.await.unwrap());
        assert_eq!(printed.code, code, "{}{}", printed.out, printed.err);
        assert_eq!(
            printed.err.contains("the recording is not whole"),
            code == 1,
            "{}",
            printed.err
        );
        assert!(!printed.err.contains(MOCK_KEY) && !printed.out.contains("Bearer mock"));
    }
    assert!(std::fs::read_to_string(har).unwrap().ends_with("]}}\n"));
}
