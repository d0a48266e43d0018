//! The results files: which download is which job's, and what is in it. Each file is unpacked once, with a
//! bound, since the suite must survive any file; what is kept of it is how many records it has, and their fingerprint.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;

use flate2::read::MultiGzDecoder;
use serde_json::{Map, Value};

use super::jobs::{Jobs, Progress, Submitted};
use super::links::{Contents, Parts};
use super::reading::{state, text};
use crate::contract::fingerprint::{fingerprint, fingerprint_of_all};
use crate::contract::request::{Credential, Operation};
use crate::exchange::Exchange;

/// The most bytes of a file that are read, after decompression.
const MOST_BYTES: u64 = 16 << 20;

/// One line of a results file.
pub type Record = Map<String, Value>;

/// A results file that was fetched, and the job that linked to it.
#[derive(Debug)]
pub struct Download<'a> {
    /// The exchange that fetched it.
    pub exchange: &'a Arc<Exchange>,
    /// The job's place among the jobs.
    pub job: usize,
    /// The job's submission.
    pub submitted: &'a Submitted,
    /// The `result_count` of the state that linked to it.
    pub result_count: Option<i128>,
    /// Whether it is the merged file; else it is one of the parts alone.
    pub merged: bool,
    /// What is in it.
    pub records: &'a Result<Vec<Record>, Unreadable>,
    /// The merged file and all parts, once all of them were read; this is the last of them.
    pub parts: Option<Parts>,
}

/// Which jobs a link belongs to, each with whether it is that of the merged file.
#[derive(Debug, Default)]
pub(super) struct Files {
    jobs: HashMap<u64, Vec<(usize, bool)>>,
}

/// A file that was fetched, and the jobs that link to it.
#[derive(Debug)]
pub(super) struct File {
    records: Result<Vec<Record>, Unreadable>,
    of: Vec<Of>,
}

/// What a file is to a job.
#[derive(Debug)]
struct Of {
    job: usize,
    result_count: Option<i128>,
    merged: bool,
    parts: Option<Parts>,
}

impl File {
    pub(super) fn downloads<'a>(
        &'a self,
        exchange: &'a Arc<Exchange>,
        jobs: &'a Jobs,
    ) -> impl Iterator<Item = Download<'a>> {
        self.of.iter().filter_map(move |of| {
            Some(Download {
                exchange,
                job: of.job,
                submitted: jobs.submitted(of.job)?,
                result_count: of.result_count,
                merged: of.merged,
                records: &self.records,
                parts: of.parts,
            })
        })
    }
}

impl Files {
    /// Notes the links that a poll shows.
    pub(super) fn link(&mut self, poll: &Progress, exchange: &Exchange, jobs: &mut Jobs) {
        let Some(state) = state(exchange) else { return };
        let merged = text(state, "download_url").filter(|link| !link.is_empty());
        let parts = state.get("download_urls").and_then(Value::as_array);
        let parts = parts.into_iter().flatten().filter_map(Value::as_str);
        let parts: Box<[u64]> = parts.map(fingerprint).collect();
        if merged.is_none() && parts.is_empty() {
            return;
        }
        let Some(submitted) = jobs.submitted_mut(poll.job) else {
            return;
        };
        let count = (state.get("result_count"))
            .and_then(Value::as_number)
            .and_then(serde_json::Number::as_i128);
        let links = submitted.links.get_or_insert_default();
        links.set(count, merged.map(fingerprint), parts);
        for (link, is_merged) in links.all() {
            let linking = self.jobs.entry(link).or_default();
            if !linking.iter().any(|(job, _)| *job == poll.job) && links.follow() {
                linking.reserve_exact(1);
                linking.push((poll.job, is_merged));
            }
        }
    }

    /// What this exchange fetched, where it is a file that jobs link to.
    pub(super) fn fetched(&self, exchange: &Exchange, jobs: &mut Jobs) -> Option<File> {
        let Operation::Download(url) = exchange.request.operation() else {
            return None;
        };
        if Credential::of(&exchange.request.headers) != Credential::Absent {
            return None;
        }
        let link = fingerprint(url);
        let linking = self.jobs.get(&link)?;
        let records = records(exchange);
        let read = records.as_ref().ok().map(|records| Contents {
            link,
            records: records.len(),
            fingerprint: fingerprint_of_all(records.iter().map(canonical)),
        });
        let of = linking.iter().filter_map(|(job, merged)| {
            let links = jobs.submitted_mut(*job)?.links.as_mut()?;
            let (result_count, parts) = links.fetched(link, read)?;
            Some(Of {
                job: *job,
                result_count,
                merged: *merged,
                parts,
            })
        });
        Some(File {
            of: of.collect(),
            records,
        })
    }
}

/// The record in a form that does not depend on how it was written.
fn canonical(record: &Record) -> String {
    let mut record = record.clone();
    record.sort_keys();
    Value::Object(record).to_string()
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
    UNPACKED.with(|unpacked| unpacked.set(unpacked.get() + 1));
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

#[cfg(test)]
thread_local! {
    /// How many files were unpacked on this thread.
    pub(crate) static UNPACKED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}
