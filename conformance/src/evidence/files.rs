//! The results files: which download is which job's, and what is in it. Each file is unpacked once, with a
//! bound, since the suite must survive any file.

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, Read};

use flate2::read::MultiGzDecoder;
use serde_json::{Map, Value};

use super::{Numbered, Timeline, text};
use crate::contract::request::{Credential, Operation};
use crate::exchange::Exchange;

/// The most bytes of a file that are read, after decompression.
const MOST_BYTES: u64 = 64 << 20;

/// One line of a results file.
pub type Record = Map<String, Value>;

/// A completed job and its files.
#[derive(Debug)]
pub struct Files<'a> {
    /// The job's submission.
    pub submission: &'a Exchange,
    /// The job's state, with the links that were followed.
    pub job: &'a Map<String, Value>,
    /// The merged file's download.
    pub merged: Option<Numbered<'a>>,
    /// The parts' downloads; `None` unless all of them were fetched.
    pub parts: Option<Vec<Numbered<'a>>>,
}

impl<'a> Files<'a> {
    /// Every download, the merged file's first.
    pub fn downloads(&self) -> impl Iterator<Item = Numbered<'a>> {
        let parts = self.parts.iter().flatten().copied();
        self.merged.into_iter().chain(parts)
    }
}

pub(super) fn files<'a>(exchanges: &[Numbered<'a>], timelines: &[Timeline<'a>]) -> Vec<Files<'a>> {
    let mut downloads: HashMap<&str, Numbered<'a>> = HashMap::new();
    for &(number, exchange) in exchanges {
        if let Operation::Download(url) = exchange.request.operation()
            && Credential::of(&exchange.request.headers) == Credential::Absent
        {
            downloads.entry(url).or_insert((number, exchange));
        }
    }
    let download = |url: &str| downloads.get(url).copied();
    timelines
        .iter()
        .filter_map(|timeline| {
            timeline.states.iter().find_map(|(_, job)| {
                let merged = text(job, "download_url").and_then(download);
                let links = job.get("download_urls").and_then(Value::as_array);
                let parts: Option<Vec<Numbered<'a>>> = links
                    .filter(|links| !links.is_empty())
                    .and_then(|links| links.iter().map(|link| download(link.as_str()?)).collect());
                (merged.is_some() || parts.is_some()).then_some(Files {
                    submission: timeline.submission.1,
                    job,
                    merged,
                    parts,
                })
            })
        })
        .collect()
}

/// Unpacks each file of the jobs, also one that is both the merged file and a part, once.
pub(super) fn unpacked(files: &[Files<'_>]) -> BTreeMap<usize, Result<Vec<Record>, Unreadable>> {
    let downloads: BTreeMap<usize, &Exchange> = files.iter().flat_map(Files::downloads).collect();
    downloads
        .into_iter()
        .map(|(number, exchange)| (number, records(exchange)))
        .collect()
}

/// Why a file holds no records.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It did not come.
    #[error("no file")]
    NotFetched,
    /// It is not packed, or the packing is damaged.
    #[error("not gzip, or damaged, after line {line}: {source}")]
    Gzip {
        /// Lines that could be read.
        line: usize,
        /// What is wrong with the packing.
        source: std::io::Error,
    },
    /// A line is something else.
    #[error("line {line} is not a JSON object: {what}")]
    Line {
        /// Number of the line, from 1.
        line: usize,
        /// What it is instead.
        what: String,
    },
    /// More than the suite reads.
    #[error("more than {MOST_BYTES} bytes when unpacked")]
    TooLarge,
}

/// The records of a file: gzip of JSON lines, each an object. A newline at the end begins no line.
fn records(exchange: &Exchange) -> Result<Vec<Record>, Unreadable> {
    #[cfg(test)]
    super::tests::UNPACKED.with(|unpacked| unpacked.set(unpacked.get() + 1));
    let response = (exchange.outcome.as_ref()).map_err(|_| Unreadable::NotFetched)?;
    if !response.status.is_success() {
        return Err(Unreadable::NotFetched);
    }
    let mut lines = BufReader::new(MultiGzDecoder::new(&response.body[..]).take(MOST_BYTES + 1));
    let (mut records, mut buffer, mut read) = (Vec::new(), Vec::new(), 0);
    loop {
        buffer.clear();
        let line = records.len() + 1;
        let damaged = |source| Unreadable::Gzip {
            line: line - 1,
            source,
        };
        read += lines.read_until(b'\n', &mut buffer).map_err(damaged)? as u64;
        if read > MOST_BYTES {
            return Err(Unreadable::TooLarge);
        }
        if buffer.is_empty() {
            return Ok(records);
        }
        match serde_json::from_slice(&buffer) {
            Ok(Value::Object(record)) => records.push(record),
            Ok(other) => {
                let what = other.to_string().chars().take(80).collect();
                return Err(Unreadable::Line { line, what });
            }
            Err(error) => {
                let what = error.to_string();
                return Err(Unreadable::Line { line, what });
            }
        }
    }
}
