//! What the client costs, as ratios: `cargo bench -p crustdata-batch`.
//!
//! - CPU time of a submission, against the same call written by hand with reqwest.
//! - CPU time of reading results over HTTP, against unpacking and decoding the same bytes from memory into the same
//!   type.
//! - Peak memory after a file of 1 MB, and after one of 1 GB.
//!
//! The server is a process of its own, so that its work isn't counted. CPU time is this thread's, from
//! `/proc/thread-self/schedstat`, so this runs on Linux only.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::panic)]

use std::env;
use std::fs;
use std::hint::black_box;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::header;
use axum::routing::{get, post};
use crustdata_batch::{
    AcceptedBatch, ApiKey, BatchJob, Client, ContactEnrichRequest, ContactField, ContactRecord,
};
use flate2::Compression;
use flate2::bufread::MultiGzDecoder;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

const KEY: &str = "benchmark-key";
const SERVE: &str = "serve";
/// Compressed bytes of one unit, of which files are made: about 1 MB.
const RECORDS_IN_UNIT: usize = 17_000;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    if env::args().nth(1).as_deref() == Some(SERVE) {
        runtime.block_on(serve());
    } else {
        let server = Server::start();
        runtime.block_on(measure(&server.url));
    }
}

async fn measure(url: &str) {
    let client = Client::builder()
        .api_key(ApiKey::new(KEY).unwrap())
        .base_url(url)
        .requests_per_minute(None)
        .build()
        .unwrap();

    let unit = unit();
    println!(
        "machine: {} cores",
        std::thread::available_parallelism().unwrap()
    );
    println!(
        "a file of 1 MB: {:.2} MB compressed, {RECORDS_IN_UNIT} records\n",
        unit.len() as f64 / 1e6
    );

    // First, since the peak of memory only grows.
    read_results(&client, 1).await;
    let small = peak_memory();
    read_results(&client, 1_000).await;
    let large = peak_memory();
    println!("peak memory after 1 MB: {small:.1} MB, after 1 GB: {large:.1} MB");

    submissions(&client, url).await;
    results(&client, &unit.repeat(20)).await;
}

/// Compares submissions of one identifier and of as many as there may be.
async fn submissions(client: &Client, url: &str) {
    let by_hand = reqwest::Client::builder()
        .user_agent("by-hand/0.1.0")
        .build()
        .unwrap();
    let url = format!("{url}/batch/person/contact/enrich");
    for identifiers in [1, crustdata_batch::ProfileUrls::MAX] {
        let request = ContactEnrichRequest::builder()
            .profile_urls(
                (0..identifiers).map(|n| format!("https://www.linkedin.com/in/nobody-{n:04}/")),
            )
            .fields([
                ContactField::BusinessEmail,
                ContactField::PersonalContactInfo,
            ])
            .build()
            .unwrap();
        let with_client = async || {
            let _ = black_box(client.submit(&request).await.unwrap());
        };
        let with_reqwest = async || {
            let response = by_hand
                .post(&url)
                .bearer_auth(KEY)
                .header("x-api-version", "2025-11-01")
                .header("accept", "application/json")
                .timeout(std::time::Duration::from_secs(60))
                .json(&request)
                .send()
                .await
                .unwrap()
                .error_for_status()
                .unwrap();
            black_box(response.json::<AcceptedBatch>().await.unwrap());
        };
        // Short rounds: what slows the machine down slows both.
        let rounds = rounds(301, 100, with_client, with_reqwest).await;
        report(
            &format!("submission of {identifiers} identifiers"),
            rounds,
            1.05,
        );
    }
}

/// Compares reading a file over HTTP with reading it from memory.
async fn results(client: &Client, file: &[u8]) {
    let with_client = async || read_results(client, 20).await;
    let bare = async || {
        let mut lines = BufReader::with_capacity(64 << 10, MultiGzDecoder::new(file));
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line).unwrap() > 0 {
            black_box(serde_json::from_slice::<ContactRecord>(&line).unwrap());
            line.clear();
        }
    };
    let rounds = rounds(7, 1, with_client, bare).await;
    report("results file of 20 MB", rounds, 1.15);
}

async fn read_results(client: &Client, units: usize) {
    let job = json!({
        "batch_id": "7e96a0d7-0ea6-463c-8937-dfa59365c2e9", "status": "completed", "entity": "person",
        "action": "contact_enrich", "result_count": units * RECORDS_IN_UNIT, "download_url": format!("/store/{units}"),
    });
    let job: BatchJob = serde_json::from_value(job).unwrap();
    let mut records = client.results(&job);
    while let Some(record) = records.next().await {
        black_box(record.unwrap());
    }
}

/// CPU time of both in µs for each call, round by round in turn, so that a busy machine slows both.
async fn rounds(
    count: usize,
    repetitions: usize,
    a: impl AsyncFn(),
    b: impl AsyncFn(),
) -> Vec<(f64, f64)> {
    let mut rounds = Vec::new();
    // One more to warm up.
    for _ in 0..=count {
        let start = cpu_time();
        for _ in 0..repetitions {
            a().await;
        }
        let middle = cpu_time();
        for _ in 0..repetitions {
            b().await;
        }
        let each = |time: f64| time / repetitions as f64;
        rounds.push((each(middle - start), each(cpu_time() - middle)));
    }
    rounds.split_off(1)
}

fn report(what: &str, mut rounds: Vec<(f64, f64)>, aim: f64) {
    rounds.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
    let (client, floor) = rounds[rounds.len() / 2];
    println!(
        "{what}: ratio {:.3} (median of {} rounds; {client:.1} µs against {floor:.1} µs; aim {aim})",
        client / floor,
        rounds.len()
    );
}

/// CPU time of this thread in µs.
fn cpu_time() -> f64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e3
}

/// The most memory that this process ever had, in MB.
fn peak_memory() -> f64 {
    let text = fs::read_to_string("/proc/self/status").unwrap();
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1e3
}

/// One archive of records with contacts that are all different.
fn unit() -> Vec<u8> {
    let mut random = 7_u64;
    let mut next = || {
        // Xorshift: the same records in both processes.
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random
    };
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    for n in 0..RECORDS_IN_UNIT {
        let record: Value = json!({
            "original_identifier": format!("https://www.linkedin.com/in/nobody-{:x}/", next()),
            "internal_id": n,
            "data": {
                "business_email": [{"email": format!("{:x}@example.com", next()), "status": "deliverable"}],
                "personal_contact_info": {
                    "personal_emails": [
                        {"email": format!("{:x}@example.com", next()), "status": "catch_all"},
                        {"email": format!("{:x}@example.com", next()), "status": "unknown"},
                    ],
                    "phone_numbers": [format!("+1 202 555 {:04}", next() % 10_000)],
                },
            },
        });
        writeln!(encoder, "{record}").unwrap();
    }
    encoder.finish().unwrap()
}

/// The server's process; ends with this one.
struct Server {
    url: String,
    process: Child,
}

impl Server {
    fn start() -> Self {
        let mut process = Command::new(env::current_exe().unwrap())
            .arg(SERVE)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(process.stdout.as_mut().unwrap())
            .take(100)
            .read_line(&mut url)
            .unwrap();
        Self {
            url: url.trim().to_owned(),
            process,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

async fn serve() {
    let accepted = json!({
        "batch_id": "7e96a0d7-0ea6-463c-8937-dfa59365c2e9", "status": "pending", "entity": "person",
        "action": "contact_enrich", "identifier_count": 1, "entities_requested": 1,
        "status_url": "/batch/7e96a0d7-0ea6-463c-8937-dfa59365c2e9",
    })
    .to_string();
    let unit = Bytes::from(unit());
    let submit = async move |_: Bytes| {
        (
            [(header::CONTENT_TYPE, "application/json")],
            accepted.clone(),
        )
    };
    let download = async move |Path(units): Path<usize>| {
        let units = std::iter::repeat_n(Ok::<_, std::convert::Infallible>(unit.clone()), units);
        Body::from_stream(futures_util::stream::iter(units))
    };
    let routes = Router::new()
        .route("/batch/person/contact/enrich", post(submit))
        .route("/store/{units}", get(download));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    axum::serve(listener, routes).await.unwrap();
}
