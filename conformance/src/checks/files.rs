//! The results files of a run's jobs: which download is which job's, and what is in it. Everything is read
//! with a bound, since the suite must survive any file.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};

use flate2::read::MultiGzDecoder;
use serde_json::{Map, Value};

use super::jobs::{Trace, text, traces};
use super::{Judgement, Observation};
use crate::contract::request::{Credential, Operation};
use crate::exchange::Exchange;

/// The most bytes of a file that are read, after decompression.
const MOST_BYTES: u64 = 64 << 20;

/// A completed job and its files.
#[derive(Debug)]
pub(super) struct Files<'a> {
    /// The job.
    pub(super) trace: Trace<'a>,
    /// Its state, with the links that were followed.
    pub(super) job: &'a Map<String, Value>,
    /// Index of the merged file's download.
    pub(super) merged: Option<usize>,
    /// Indices of the parts' downloads; `None` unless all of them were fetched.
    pub(super) parts: Option<Vec<usize>>,
}

/// The jobs of which a file was fetched.
pub(super) fn files(exchanges: &[Exchange]) -> Vec<Files<'_>> {
    let mut downloads: HashMap<&str, usize> = HashMap::new();
    for (index, exchange) in exchanges.iter().enumerate() {
        if let Operation::Download(url) = exchange.request.operation()
            && Credential::of(&exchange.request.headers) == Credential::Absent
        {
            downloads.entry(url).or_insert(index);
        }
    }
    if downloads.is_empty() {
        return Vec::new();
    }
    let download = |url: &str| downloads.get(url).copied();
    traces(exchanges)
        .into_iter()
        .filter_map(|trace| {
            let (job, merged, parts) = trace.states(exchanges).find_map(|(_, job)| {
                let merged = text(job, "download_url").and_then(download);
                let links = job.get("download_urls").and_then(Value::as_array);
                let parts: Option<Vec<usize>> = links
                    .filter(|links| !links.is_empty())
                    .and_then(|links| links.iter().map(|link| download(link.as_str()?)).collect());
                (merged.is_some() || parts.is_some()).then_some((job, merged, parts))
            })?;
            Some(Files {
                trace,
                job,
                merged,
                parts,
            })
        })
        .collect()
}

/// Judges the records of each merged file that can be read.
pub(super) fn judge_records(
    exchanges: &[Exchange],
    judge: impl Fn(&Files<'_>, &[Map<String, Value>]) -> Judgement,
) -> Vec<Observation> {
    files(exchanges)
        .iter()
        .filter_map(|files| {
            let index = files.merged?;
            let judgement = match records(&exchanges[index]) {
                Ok(records) => judge(files, &records),
                Err(_) => Judgement::silent("no results file could be read"),
            };
            Some(Observation {
                exchange: Some(index),
                judgement,
            })
        })
        .collect()
}

/// Why a file holds no records.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unreadable {
    #[error("no file: {0}")]
    NotFetched(String),
    #[error("not gzip, or damaged, after line {line}: {source}")]
    Gzip { line: usize, source: std::io::Error },
    #[error("line {line} is not a JSON object: {what}")]
    Line { line: usize, what: String },
    #[error("more than {MOST_BYTES} bytes when unpacked")]
    TooLarge,
}

/// The records of a file: gzip of JSON lines, each an object. A newline at the end begins no line.
pub(super) fn records(exchange: &Exchange) -> Result<Vec<Map<String, Value>>, Unreadable> {
    let not_fetched = || Unreadable::NotFetched(super::answer::got(exchange));
    let response = exchange.outcome.as_ref().map_err(|_| not_fetched())?;
    if !response.status.is_success() {
        return Err(not_fetched());
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

/// Why nothing can be said where a job delivered nothing.
pub(super) fn delivered_nothing(files: &Files<'_>) -> bool {
    files
        .job
        .get("result_count")
        .and_then(super::answer::integer)
        .is_none_or(|count| count == 0)
}

/// Whether the field `asked` stands for the contact kind `leaf`: it is the leaf, or its beginning.
pub(super) fn covers(asked: &str, leaf: &str) -> bool {
    leaf.strip_prefix(asked)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The value under a dotted path.
pub(super) fn under<'a>(data: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(data, |value, key| value.get(key))
}
