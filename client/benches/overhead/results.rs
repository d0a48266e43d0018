//! Reading a results file over HTTP, against reading it from memory; and how much memory that takes.

use std::fs;
use std::hint::black_box;
use std::io::{BufRead, BufReader};

use crustdata_batch::{BatchJob, Client, ContactRecord};
use flate2::bufread::MultiGzDecoder;
use serde_json::json;

use crate::server::{RECORDS_IN_UNIT, unit};
use crate::submissions::client;
use crate::{report, rounds};

/// Units of about 1 MB in the file that is read again and again.
const UNITS: usize = 20;
const AIM: f64 = 1.1;

pub(crate) async fn measure(url: &str) {
    let client = client(url);
    let file = unit().repeat(UNITS);
    let with_client = async || read(&client, UNITS).await;
    let bare = async || {
        let mut lines = BufReader::with_capacity(64 << 10, MultiGzDecoder::new(&file[..]));
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line).unwrap() > 0 {
            black_box(serde_json::from_slice::<ContactRecord>(&line).unwrap());
            line.clear();
        }
    };
    let rounds = rounds(7, 1, with_client, bare).await;
    report("a results file of 20 MB", rounds, AIM);
}

/// The smaller file first, since the peak only grows.
pub(crate) async fn memory(url: &str) {
    let client = client(url);
    let size = unit().len() as f64 / 1e6;
    println!("a file of 1 MB: {size:.2} MB compressed, {RECORDS_IN_UNIT} records");
    read(&client, 1).await;
    let small = peak();
    read(&client, 1_000).await;
    let large = peak();
    println!("peak memory after 1 MB: {small:.1} MB, after 1 GB: {large:.1} MB");
}

async fn read(client: &Client, units: usize) {
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

/// The most memory that this process ever had, in MB.
fn peak() -> f64 {
    let text = fs::read_to_string("/proc/self/status").unwrap();
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1e3
}
