//! What it costs to judge a recording: `cargo bench -p crustdata-conformance --bench judge`, or with another size in
//! megabytes `… -- 1000`.
//!
//! Writes a HAR file of that size into the folder for temporary files: sessions of one client, each job with an id of its
//! own. Prints the megabytes that are read and judged in a second of CPU time, on one thread, and the most memory that was
//! held (from `/proc/self`, so on Linux only).
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::io::{BufWriter, Write};
use std::time::Instant;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, SecondsFormat};
use crustdata_conformance::assessment::Assessment;
use crustdata_conformance::checks::CHECKS;
use crustdata_conformance::results::{Results, Rules};
use crustdata_conformance::traffic::{Sources, Traffic};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use uuid::Uuid;

/// Identifiers of each job.
const IDENTIFIERS: usize = 10;

fn main() {
    let megabytes = std::env::args().find_map(|arg| arg.parse().ok());
    let size = megabytes.unwrap_or(100) * 1_000_000;
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let sessions = write(&mut BufWriter::new(file.as_file_mut()), size);
    let before = peak();
    let (started, busy_before) = (Instant::now(), busy());
    let mut traffic = Traffic::new(Assessment::new(CHECKS, None), None);
    let mut sources = Sources::open(&[file.path().to_owned()], false).unwrap();
    sources.read(&mut traffic).unwrap();
    let (assessment, _) = traffic.finish();
    let results = Results::of_exchanges("", assessment, &Rules::default());
    let seconds = busy() - busy_before;
    println!(
        "{sessions} jobs, {} exchanges, {size} bytes in {seconds:.1} s of CPU, {:.1} s in all: {:.0} MB a second of CPU, \
         {} exchanges a second; {} at most ({before} before); {:?}, {}",
        results.totals.exchanges,
        started.elapsed().as_secs_f64(),
        size as f64 / 1e6 / seconds,
        (results.totals.exchanges as f64 / seconds) as u64,
        peak(),
        results.verdict,
        results.counts(),
    );
    for check in results.checks.iter().filter(|check| check.violated > 0) {
        println!("wrongly blamed: {} {:?}", check.id, check.findings.first());
    }
}

/// Writes a HAR file of so many bytes; how many jobs are in it.
fn write(out: &mut impl Write, size: usize) -> u64 {
    write!(
        out,
        "{{\"log\":{{\"version\":\"1.2\",\"creator\":{{\"name\":\"bench\"}},\"entries\":["
    )
    .unwrap();
    let (mut written, mut sessions) = (0, 0);
    while written < size {
        for entry in session(sessions) {
            let comma = if written == 0 { "" } else { "," };
            let text = format!("{comma}\n{entry}");
            out.write_all(text.as_bytes()).unwrap();
            written += text.len();
        }
        sessions += 1;
    }
    write!(out, "]}}}}").unwrap();
    out.flush().unwrap();
    sessions
}

fn session(n: u64) -> Vec<Value> {
    let urls: Vec<String> = (0..IDENTIFIERS)
        .map(|i| format!("https://www.linkedin.com/in/nobody-{n}-{i}"))
        .collect();
    // Not 0: the suite asks for that one as for a job that there is not.
    let id = Uuid::from_u128(u128::from(n + 1) << 80 | 0x4000_8000_0000_0000_0000).to_string();
    let state = |status: &str| {
        json!({
            "batch_id": id, "status": status, "entity": "person", "action": "contact_enrich",
            "identifier_count": IDENTIFIERS, "entities_requested": IDENTIFIERS,
            "status_url": format!("/batch/{id}"),
        })
    };
    let link = format!(
        "https://store.example/{id}/results.jsonl.gz?X-Amz-Expires=432000&X-Amz-Signature={n:064x}"
    );
    let mut end = state("completed");
    end["result_count"] = json!(IDENTIFIERS);
    end["download_url"] = json!(link);
    let lines = urls.iter().map(|url| {
        let data = json!({"business_email": [{"email": format!("{n}@acme.example"), "status": "deliverable"}]});
        format!("{}\n", json!({"original_identifier": url, "internal_id": 1, "data": data}))
    });
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed
        .write_all(lines.collect::<String>().as_bytes())
        .unwrap();
    let file = BASE64_STANDARD.encode(packed.finish().unwrap());
    let submission =
        json!({"professional_network_profile_urls": urls, "fields": ["business_email"]});
    let api = "https://api.crustdata.com/batch";
    let poll = format!("{api}/{id}");
    let submit = format!("{api}/person/contact/enrich");
    let at = n * 60_000;
    vec![
        entry(
            at,
            "POST",
            &submit,
            Some(&submission),
            json!({"text": state("pending").to_string()}),
        ),
        entry(
            at + 10_000,
            "GET",
            &poll,
            None,
            json!({"text": state("processing").to_string()}),
        ),
        entry(
            at + 20_000,
            "GET",
            &poll,
            None,
            json!({"text": end.to_string()}),
        ),
        entry(
            at + 21_000,
            "GET",
            &link,
            None,
            json!({"text": file, "encoding": "base64"}),
        ),
    ]
}

/// About what a browser writes.
fn entry(at: u64, method: &str, url: &str, body: Option<&Value>, mut content: Value) -> Value {
    let pair = |name: &str, value: &str| json!({"name": name, "value": value});
    let is_api = url.contains("/batch");
    let mut headers = vec![
        pair("accept", "application/json"),
        pair("accept-encoding", "gzip, deflate, br"),
        pair(
            "user-agent",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
        ),
    ];
    if is_api {
        headers.push(pair(
            "authorization",
            "Bearer 0123456789abcdef0123456789abcdef01234567",
        ));
        headers.push(pair("x-api-version", "2025-11-01"));
    }
    let started = DateTime::from_timestamp_millis(1_764_000_000_000 + at as i64).unwrap();
    content["mimeType"] = json!("application/json");
    content["size"] = json!(1);
    let mut entry = json!({
        "startedDateTime": started.to_rfc3339_opts(SecondsFormat::Millis, true),
        "time": 120.5,
        "request": {
            "method": method, "url": url, "httpVersion": "http/2.0", "headers": headers, "queryString": [],
            "cookies": [], "headersSize": -1, "bodySize": 0,
        },
        "response": {
            "status": 200, "statusText": "", "httpVersion": "http/2.0",
            "headers": [
                pair("content-type", "application/json"), pair("date", "Tue, 25 Nov 2025 12:00:00 GMT"),
                pair("x-ratelimit-limit", "60"), pair("x-ratelimit-remaining", "59"), pair("x-ratelimit-reset", "30"),
            ],
            "cookies": [], "content": content, "redirectURL": "", "headersSize": -1, "bodySize": -1,
        },
        "cache": {}, "timings": {"send": 0.1, "wait": 120.0, "receive": 0.4},
    });
    if let Some(body) = body {
        entry["request"]["postData"] =
            json!({"mimeType": "application/json", "text": body.to_string()});
    }
    entry
}

/// How many seconds this thread was on a CPU.
fn busy() -> f64 {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = times.split(' ').next().and_then(|n| n.parse::<f64>().ok());
    nanoseconds.unwrap_or_default() / 1e9
}

/// The most memory that this process ever held.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.unwrap_or_default().trim().to_owned()
}
