//! What the mock's own work costs: `cargo bench -p crustdata-mock`.
//!
//! CPU time of the server's thread for a request, against a bare axum handler that reads the body and sends the same
//! bytes back, by turns over one connection each: accepting a submission, showing a job, and a page of the list. CPU time
//! is from `/proc/self/task`, so this runs on Linux only.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{Response, StatusCode};
use axum::{Router, routing::any};
use crustdata_mock::{Clock, MOCK_KEY, Mock, MockConfig};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use contract::media_type::JSON;
use contract::{API_VERSION, header, list, submit};

#[expect(dead_code, unreachable_pub, reason = "the mock uses more of them")]
#[path = "../src/generated/contract.rs"]
#[rustfmt::skip]
mod contract;

/// Requests of each round, and rounds that the figure is the median of.
const REQUESTS: usize = 1_000;
const ROUNDS: usize = 15;
/// Moves the mock on with each request, so that few jobs are active.
const TICK: Duration = Duration::from_secs(60);
const PROFILE: &str = "https://www.linkedin.com/in/alba-adler-001";

fn main() {
    let mock = runtime().block_on(start());
    let mut connection = Connection::new(mock.base_url().socket_addrs(|| None).unwrap()[0], "mock");
    let key = submit::identifiers::KEY;
    let body = format!(r#"{{"{key}":["{PROFILE}"],"fields":["business_email"]}}"#);
    let submission = request("POST", submit::PATH, &body);
    let accepted: Value = serde_json::from_slice(&connection.send(&submission).body).unwrap();
    let job = accepted["status_url"].as_str().unwrap();
    let page = format!("{}?limit=10", list::PATH);
    for (what, request) in [
        ("a submission", submission),
        ("a job", request("GET", job, "")),
        ("a page", request("GET", &page, "")),
    ] {
        let mut bare = Connection::new(bare(connection.send(&request)), "bare");
        let mut rounds: Vec<(f64, f64)> = (0..=ROUNDS)
            .map(|_| (bare.round(&request), connection.round(&request)))
            .skip(1)
            .collect();
        rounds.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
        let (bare, mock) = rounds[rounds.len() / 2];
        println!(
            "{:.2} {what}: {bare:.1} µs bare, {mock:.1} µs by the mock; aim 0.85",
            bare / mock
        );
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

async fn start() -> Mock {
    let config = MockConfig {
        clock: Clock::Ticking(TICK),
        ..MockConfig::default()
    };
    config.start().await.unwrap()
}

fn request(method: &str, path: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {MOCK_KEY}\r\n{}: {API_VERSION}\r\ncontent-type: {JSON}\r\ncontent-length: {length}\r\n\r\n{body}",
        header::API_VERSION
    )
    .into_bytes()
}

/// Starts a handler that has this response for every request, on a thread of its own; its address.
fn bare(answer: Answer) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let serve = async move {
        let respond = async move |_: Bytes| {
            let mut response = Response::builder().status(answer.status);
            for (name, value) in &answer.headers {
                response = response.header(name, value);
            }
            response.body(Body::from(answer.body.clone())).unwrap()
        };
        let app = Router::new().fallback(any(respond));
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        stream.set_nodelay(true).unwrap();
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new());
        let served = http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(app));
        served.await.unwrap();
    };
    let thread = std::thread::Builder::new().name("bare".to_owned());
    thread.spawn(|| runtime().block_on(serve)).unwrap();
    address
}

/// A response, but for the headers of its framing.
#[derive(Clone)]
struct Answer {
    status: StatusCode,
    headers: Vec<(String, String)>,
    body: Bytes,
}

/// A connection to a server whose thread has this name.
struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
    thread: &'static str,
}

impl Connection {
    fn new(address: SocketAddr, thread: &'static str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        let read = Vec::new();
        Self {
            stream,
            read,
            thread,
        }
    }

    /// CPU time of the server for each request of a round, in µs.
    fn round(&mut self, request: &[u8]) -> f64 {
        let before = cpu_time(self.thread);
        for _ in 0..REQUESTS {
            self.send(request);
        }
        (cpu_time(self.thread) - before) / REQUESTS as f64
    }

    fn send(&mut self, request: &[u8]) -> Answer {
        self.stream.write_all(request).unwrap();
        self.read.clear();
        loop {
            if let Some(answer) = whole(&self.read) {
                return answer;
            }
            let mut chunk = [0; 1 << 14];
            let length = self.stream.read(&mut chunk).unwrap();
            assert!(length > 0, "the server hangs up");
            self.read.extend_from_slice(&chunk[..length]);
        }
    }
}

/// The response of these bytes, where it is whole.
fn whole(bytes: &[u8]) -> Option<Answer> {
    let head = bytes.windows(4).position(|end| end == b"\r\n\r\n")?;
    let (head, body) = (str::from_utf8(&bytes[..head]).unwrap(), &bytes[head + 4..]);
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().unwrap();
    let headers = lines.filter_map(|line| line.split_once(": "));
    let (framing, headers): (Vec<_>, Vec<_>) =
        headers.partition(|(name, _)| *name == "content-length");
    let length: usize = framing.first()?.1.parse().unwrap();
    (body.len() == length).then(|| Answer {
        status,
        headers: headers
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        body: Bytes::copy_from_slice(body),
    })
}

/// CPU time in µs of the threads whose name begins like this; those that ended don't count.
fn cpu_time(thread: &str) -> f64 {
    let tasks = fs::read_dir("/proc/self/task").unwrap();
    let paths = tasks.map(|task| task.unwrap().path());
    let is_one = |path: &std::path::PathBuf| {
        fs::read_to_string(path.join("comm")).is_ok_and(|name| name.starts_with(thread))
    };
    let times = paths.filter(is_one).map(|path| {
        let text = fs::read_to_string(path.join("schedstat")).unwrap();
        text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e3
    });
    times.sum()
}
