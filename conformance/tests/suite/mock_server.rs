//! What the mock offers beside the contract: the requests it has received, and what it is set up with.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::mpsc;
use std::time::Duration;

use crustdata_conformance::generated::contract;
use crustdata_mock::{JobTiming, MOCK_KEY, Mock, MockConfig};
use reqwest::{Method, StatusCode};

use crate::mock_fixture::{Fixture, read, submission, urls};

#[tokio::test]
async fn requests_are_kept_whatever_came_of_them() {
    let server = Fixture::start(Mock::builder().timing(JobTiming::AT_ONCE)).await;
    let body = submission(1);
    let id = server.accepted(&body).await;
    let (_, job) = server.json(&format!("/batch/{id}?a=b")).await;
    let link = job["download_url"].as_str().unwrap();
    server.client.get(link).send().await.unwrap();
    server.json("/nowhere").await;

    let requests = server.mock.requests();
    let [submitted, polled, downloaded, lost] = &requests[..] else {
        panic!("{requests:?}")
    };
    assert_eq!(submitted.method, Method::POST);
    assert_eq!(submitted.path, contract::submit::PATH);
    assert_eq!(submitted.json().unwrap(), body);
    let version = &submitted.headers[contract::header::API_VERSION];
    assert_eq!(version, contract::API_VERSION);
    assert_eq!(polled.path, format!("/batch/{id}"));
    assert_eq!(polled.query.as_deref(), Some("a=b"));
    assert!(downloaded.path.starts_with("/store/"));
    assert_eq!(lost.path, "/nowhere");
    // Whoever prints them shows neither a key nor what opens a results file.
    let printed = format!("{requests:?}");
    assert!(!printed.contains(MOCK_KEY) && !printed.contains("signature"));
}

/// In a container it is reached under a name and a port that only others know.
#[tokio::test]
async fn links_lead_where_the_client_reached_it() {
    let everywhere = MockConfig {
        listen: SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
        timing: JobTiming::AT_ONCE,
        ..MockConfig::default()
    };
    let server = Fixture::start(everywhere).await;
    let id = server.accepted(&submission(1)).await;
    let asked = server.get(&format!("/batch/{id}"));
    let (_, job) = read(asked.header("host", "mock.test:9090").send().await.unwrap()).await;
    for link in [&job["download_url"], &job["download_urls"][0]] {
        let link = url::Url::parse(link.as_str().unwrap()).unwrap();
        let root = link.join("/").unwrap();
        assert_eq!(root.as_str(), "http://mock.test:9090/");
        let path = &link[url::Position::BeforePath..];
        let file = server.client.get(server.url(path)).send().await.unwrap();
        assert_eq!(file.status(), StatusCode::OK);
    }
}

/// Elsewhere its address is its only name, whatever a request says.
#[tokio::test]
async fn links_of_an_instance_with_an_address_lead_there() {
    let server = Fixture::start(Mock::builder().timing(JobTiming::AT_ONCE)).await;
    let id = server.accepted(&submission(1)).await;
    let asked = server.get(&format!("/batch/{id}"));
    let (_, job) = read(asked.header("host", "mock.test:9090").send().await.unwrap()).await;
    let link = job["download_url"].as_str().unwrap();
    assert!(link.starts_with(server.mock.base_url().as_str()), "{link}");
}

#[tokio::test]
async fn responses_are_told_of() {
    let server = Fixture::compliant().await;
    let (send, told) = mpsc::channel();
    server.mock.on_response(move |request, status| {
        send.send((request.path.clone(), status)).unwrap();
    });
    server.accepted(&submission(1)).await;
    server.json("/nowhere").await;
    let told: Vec<_> = told.try_iter().collect();
    let expected = [
        (contract::submit::PATH.to_owned(), StatusCode::OK),
        ("/nowhere".to_owned(), StatusCode::NOT_FOUND),
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn faults_have_names() {
    let mock = Mock::builder().fault("status-processing").unwrap();
    let server = Fixture::start(mock).await;
    let (_, response) = read(server.submit(&submission(1)).await).await;
    assert_eq!(response["status"], "processing");

    let error = Mock::builder().fault("status-procesing").unwrap_err();
    assert!(error.to_string().contains("status-procesing"), "{error}");
}

#[tokio::test]
async fn fewer_jobs_may_be_active() {
    let server = Fixture::start(MockConfig {
        max_active_jobs: 1,
        ..MockConfig::default()
    })
    .await;
    server.accepted(&submission(1)).await;
    let refused = server.submit(&submission(1)).await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.headers()[contract::header::RATE_LIMIT_LIMIT], "1");
}

#[tokio::test]
async fn profiles_of_the_set_up_have_contacts() {
    let config = Mock::builder().timing(JobTiming::AT_ONCE);
    let server = Fixture::start(config.profile(&urls(2)[1])).await;
    let id = server.accepted(&submission(2)).await;
    let (_, job) = server.json(&format!("/batch/{id}")).await;
    assert_eq!(job["entities_fulfilled"], 1);
}

#[tokio::test]
async fn old_jobs_are_forgotten() {
    let server = Fixture::start(MockConfig {
        timing: JobTiming::AT_ONCE,
        jobs_kept: 2,
        ..MockConfig::default()
    })
    .await;
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(server.accepted(&submission(1)).await);
    }
    for (id, found) in ids.iter().zip([false, false, true, true]) {
        let (status, _) = server.json(&format!("/batch/{id}")).await;
        assert_eq!(status.is_success(), found);
    }
    let (_, list) = server.json("/batch").await;
    assert_eq!(list["jobs"][0]["batch_id"], ids[3]);
    assert_eq!(list["jobs"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn jobs_that_go_on_are_not_forgotten() {
    let server = Fixture::start(MockConfig {
        jobs_kept: 0,
        ..MockConfig::default()
    })
    .await;
    let id = server.accepted(&submission(1)).await;
    let (status, job) = server.json(&format!("/batch/{id}")).await;
    assert_eq!(
        (status, &job["status"]),
        (StatusCode::OK, &"pending".into())
    );
}

/// What an instance that waits for no more than a moment says to the beginning of a request, until it hangs up. On a busy machine
/// a moment may go by before the beginning is there.
fn response_to_a_part(part: &str) -> String {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = MockConfig {
        read_timeout: Duration::from_millis(500),
        ..MockConfig::default()
    };
    let mock = runtime.block_on(config.start()).unwrap();
    let address = mock.base_url().socket_addrs(|| None).unwrap();
    let mut stream = TcpStream::connect(&address[..]).unwrap();
    stream.write_all(part.as_bytes()).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_head_that_does_not_end_is_not_waited_for() {
    let response = response_to_a_part("GET /batch HTTP/1.1\r\nhost: x\r\n");
    assert_eq!(response, "");
}

#[test]
fn a_body_that_does_not_end_is_not_waited_for() {
    let path = contract::submit::PATH;
    let head = format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{{");
    let response = response_to_a_part(&head);
    assert!(response.starts_with("HTTP/1.1 408 "), "{response}");
    // Nobody is to send another request after it, nor after one that is too long.
    assert!(response.contains("\r\nconnection: close\r\n"), "{response}");
}
