//! What the proxy adds to the time of a request: `cargo bench -p crustdata-conformance --bench proxy`, or for another
//! number of seconds `… -- 60`.
//!
//! Sends 200 requests a second to the mock, and 200 through a proxy before it, one after another by turns, so that both
//! meet the same machine at the same time. Each is a client of its own that submits, polls and lists. The proxy judges,
//! records, and keeps its seat belt. Prints the latencies of both at their quantiles, and the difference.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use crustdata_conformance::assessment::Assessment;
use crustdata_conformance::checks::{CHECKS, CLIENT_CHECKS};
use crustdata_conformance::generated::contract::{API_VERSION, header, list, submit};
use crustdata_conformance::proxy::{Limits, Proxy, ProxyConfig};
use crustdata_conformance::traffic::Traffic;
use crustdata_mock::{Clock, MOCK_KEY, Mock, MockConfig};
use http::{Method, Request};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use tokio::runtime;
use tokio::time::MissedTickBehavior;
use url::Url;

/// Requests a second on each way.
const RATE: u32 = 200;
/// Requests that come before any is measured, on each way.
const WARM_UP: usize = 200;
/// Every so many requests, a client submits.
const SUBMITS_EVERY: usize = 10;
/// Identifiers of each job.
const IDENTIFIERS: usize = 10;
/// Moves the mock on with each request: a job is over after a few polls.
const TICK: Duration = Duration::from_secs(30);
/// The quantiles that are told, in hundredths of a per cent.
const QUANTILES: [usize; 4] = [5_000, 9_000, 9_900, 9_990];

fn main() {
    let seconds = std::env::args().find_map(|arg| arg.parse().ok());
    let requests = seconds.unwrap_or(20_u32) as usize * RATE as usize;
    let servers = runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let (mock, proxy) = servers.block_on(servers.spawn(serve())).unwrap();
    let clients = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let ways = [&mock.base_url(), proxy.base_url()].map(|url| Arc::new(Way::new(url)));
    clients.block_on(send(&ways, requests));
    let [direct, through] = ways.map(|way| Arc::into_inner(way).unwrap().quantiles());
    let passed = servers.block_on(proxy.stop());
    println!("{requests} requests at {RATE} a second on each way");
    println!("           direct  through  added, in ms");
    for ((quantile, direct), through) in QUANTILES.iter().zip(direct).zip(through) {
        let quantile = *quantile as f64 / 100.0;
        println!(
            "p{quantile:<6} {direct:>9.3} {through:>8.3} {:>6.3}",
            through - direct
        );
    }
    println!(
        "not judged: {}; judged: {:?}",
        passed.lost,
        passed.traffic.map(|traffic| traffic.amounts())
    );
}

async fn serve() -> (Mock, Proxy) {
    let mock = MockConfig {
        clock: Clock::Ticking(TICK),
        ..MockConfig::default()
    };
    let mock = mock.start().await.unwrap();
    let upstream = mock.base_url();
    let checks = [CHECKS, CLIENT_CHECKS].concat();
    let mut traffic = Traffic::new(Assessment::new(&checks, None), Some(&upstream));
    traffic.record(tempfile::tempfile().unwrap(), &upstream);
    let config = ProxyConfig {
        upstream,
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        limits: Some(Limits::default()),
        rewrite_links: false,
    };
    let proxy = Proxy::start(config, traffic, Box::new(|_| {}), Box::new(|_| {})).await;
    (mock, proxy.unwrap())
}

/// A client with its way to the mock.
struct Way {
    base: String,
    client: Client<HttpConnector, Full<Bytes>>,
    /// Path of the job that was made last.
    job: Mutex<Option<String>>,
    /// Seconds that each request took, with its body.
    took: Mutex<Vec<f64>>,
}

impl Way {
    fn new(base: &Url) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Self {
            base: base.as_str().trim_end_matches('/').to_owned(),
            client: Client::builder(TokioExecutor::new()).build(connector),
            job: Mutex::default(),
            took: Mutex::default(),
        }
    }

    /// Sends the request with this number, and reads the response.
    async fn request(&self, number: usize) {
        let submits = number.is_multiple_of(SUBMITS_EVERY);
        let request = if submits {
            self.with(Method::POST, submit::PATH, submission(number))
        } else {
            let job = self
                .job
                .lock()
                .unwrap()
                .clone()
                .filter(|_| number % SUBMITS_EVERY > 1);
            self.with(
                Method::GET,
                job.as_deref().unwrap_or(list::PATH),
                Bytes::new(),
            )
        };
        let sent = Instant::now();
        let response = self.client.request(request).await.unwrap();
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let took = sent.elapsed().as_secs_f64();
        assert!(status.is_success(), "{status}: {body:?}");
        if number >= WARM_UP {
            self.took.lock().unwrap().push(took);
        }
        if submits {
            let job: Value = serde_json::from_slice(&body).unwrap();
            *self.job.lock().unwrap() = job["status_url"].as_str().map(str::to_owned);
        }
    }

    fn with(&self, method: Method, path: &str, body: Bytes) -> Request<Full<Bytes>> {
        Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header("authorization", format!("Bearer {MOCK_KEY}"))
            .header("content-type", "application/json")
            .header(header::API_VERSION, API_VERSION)
            .body(Full::new(body))
            .unwrap()
    }

    /// Milliseconds at the quantiles.
    fn quantiles(self) -> Vec<f64> {
        let mut took = self.took.into_inner().unwrap();
        took.sort_by(f64::total_cmp);
        let at = |quantile| took[took.len() * quantile / 10_000] * 1e3;
        QUANTILES.map(at).to_vec()
    }
}

/// Profiles of nobody, others each time: the same ones would be kept back.
fn submission(number: usize) -> Bytes {
    let urls: Vec<String> = (0..IDENTIFIERS)
        .map(|n| format!("https://www.linkedin.com/in/nobody-{number}-{n}/"))
        .collect();
    let body = json!({submit::identifiers::KEY: urls, "fields": submit::fields::VALUES});
    body.to_string().into()
}

/// Sends so many requests on each way, by turns, without waiting for the responses to those before.
async fn send(ways: &[Arc<Way>; 2], requests: usize) {
    let mut turns = tokio::time::interval(Duration::from_secs(1) / RATE / 2);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut open = tokio::task::JoinSet::new();
    for number in 0..requests + WARM_UP {
        for way in ways {
            turns.tick().await;
            let way = way.clone();
            open.spawn(async move { way.request(number).await });
            while let Some(ended) = open.try_join_next() {
                ended.unwrap();
            }
        }
    }
    while let Some(ended) = open.join_next().await {
        ended.unwrap();
    }
}
