//! The results files: which download is which job's, and what is in it. Each file is unpacked once, with a
//! bound, since the suite must survive any file; what is kept of it is how many records it has, and their fingerprint.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::canonical::canonical_object;
use super::jobs::{Job, Jobs};
use super::links::{Contents, Parts};
use super::reading::{integer, state, text};
use super::submitted::Progress;
use super::submitted::Submitted;
use crate::contract::fingerprint::fingerprint;
use crate::contract::request::{Credential, Operation};
use crate::exchange::{Exchange, ended};
use crate::gzip::Unpacked;

/// The most bytes of a file that are read, after decompression.
const MOST_BYTES: usize = 16 << 20;
/// The most files that wait for a job to link to them, and the most bytes of one.
const MOST_EARLY: usize = 20;
const LARGEST_EARLY: usize = 1 << 20;

/// One line of a results file.
pub type Record = Map<String, Value>;

/// A results file that was fetched, and the job that linked to it.
#[derive(Debug)]
pub struct Download<'a> {
    /// Number of the exchange that fetched it.
    pub number: usize,
    /// The exchange.
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
    /// Files that came by links which no job has given so far, the oldest first.
    early: VecDeque<(usize, Arc<Exchange>)>,
}

/// A file that was fetched, and the jobs that link to it.
#[derive(Debug)]
pub(super) struct File {
    number: usize,
    exchange: Arc<Exchange>,
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
        jobs: &'a Jobs,
    ) -> impl Iterator<Item = Download<'a>> + use<'a> {
        self.of.iter().filter_map(move |of| {
            Some(Download {
                number: self.number,
                exchange: &self.exchange,
                job: of.job,
                submitted: jobs.followed(of.job)?.1,
                result_count: of.result_count,
                merged: of.merged,
                records: &self.records,
                parts: of.parts,
            })
        })
    }
}

impl Files {
    /// The files that are known to be a job's by this exchange: by fetching them, or by giving the links to them.
    pub(super) fn push(
        &mut self,
        number: usize,
        exchange: &Arc<Exchange>,
        poll: Option<&Progress>,
        jobs: &mut Jobs,
    ) -> Vec<File> {
        if poll.is_some_and(|poll| self.link(poll, exchange, jobs)) && !self.early.is_empty() {
            return self.linked_by_now(jobs);
        }
        let Some(link) = link(exchange) else {
            return Vec::new();
        };
        if self.jobs.contains_key(&link) {
            return self.fetched(number, exchange, jobs).into_iter().collect();
        }
        let body = exchange.outcome.as_ref().map_or(0, |file| file.body.len());
        if exchange.accepted() && body <= LARGEST_EARLY {
            self.early.push_back((number, exchange.clone()));
            if self.early.len() > MOST_EARLY {
                self.early.pop_front();
            }
        }
        Vec::new()
    }

    /// Forgets the links of a job.
    pub(super) fn forget(&mut self, place: usize, job: &Job) {
        let links = job.submitted.as_ref().and_then(|it| it.links.as_ref());
        for link in links.into_iter().flat_map(|links| links.followed()) {
            if let Entry::Occupied(mut linking) = self.jobs.entry(*link) {
                linking.get_mut().retain(|(job, _)| *job != place);
                if linking.get().is_empty() {
                    linking.remove();
                }
            }
        }
    }

    /// Those that came early, and that some job links to by now.
    fn linked_by_now(&mut self, jobs: &mut Jobs) -> Vec<File> {
        let is_linked =
            |early: &Exchange| link(early).is_some_and(|link| self.jobs.contains_key(&link));
        let early = std::mem::take(&mut self.early).into_iter();
        let (linked, others): (VecDeque<_>, _) = early.partition(|(_, early)| is_linked(early));
        self.early = others;
        let linked = linked.iter();
        let files = linked.filter_map(|(number, early)| self.fetched(*number, early, jobs));
        files.collect()
    }

    /// Notes the links that a poll shows; whether there are any.
    fn link(&mut self, poll: &Progress, exchange: &Exchange, jobs: &mut Jobs) -> bool {
        let Some(state) = state(exchange) else {
            return false;
        };
        let merged = text(state, "download_url").filter(|link| !link.is_empty());
        let parts = state.get("download_urls").and_then(Value::as_array);
        let parts = parts.into_iter().flatten().filter_map(Value::as_str);
        let parts: Box<[u64]> = parts.map(fingerprint).collect();
        if merged.is_none() && parts.is_empty() {
            return false;
        }
        let Some(submitted) = jobs.submitted_mut(poll.job) else {
            return false;
        };
        let count = state.get("result_count").and_then(integer);
        let links = submitted.links.get_or_insert_default();
        links.set(ended(exchange), count, merged.map(fingerprint), parts);
        for (link, is_merged) in links.all() {
            let linking = self.jobs.entry(link).or_default();
            if !linking.iter().any(|(job, _)| *job == poll.job) && links.follow(link) {
                linking.reserve_exact(1);
                linking.push((poll.job, is_merged));
            }
        }
        true
    }

    /// What this exchange fetched, where it is a file that jobs link to.
    fn fetched(&self, number: usize, exchange: &Arc<Exchange>, jobs: &mut Jobs) -> Option<File> {
        let link = link(exchange)?;
        let linking = self.jobs.get(&link)?;
        let records = records(exchange);
        let read = records.as_ref().ok().map(|records| Contents {
            link,
            records: records.len(),
            fingerprint: (records.iter())
                .fold(0, |sum, record| sum.wrapping_add(canonical_object(record))),
        });
        let of = linking.iter().filter_map(|(job, merged)| {
            let links = jobs.submitted_mut(*job)?.links.as_mut()?;
            if !exchange.accepted() && links.are_expired(exchange) {
                return None;
            }
            let (result_count, parts) = links.fetched(link, read)?;
            Some(Of {
                job: *job,
                result_count,
                merged: *merged,
                parts,
            })
        });
        Some(File {
            number,
            exchange: exchange.clone(),
            of: of.collect(),
            records,
        })
    }
}

/// What stands for the link that a request without a key follows.
fn link(exchange: &Exchange) -> Option<u64> {
    match exchange.request.operation() {
        Operation::Download(url) if exchange.request.credential() == Credential::Absent => {
            Some(fingerprint(url))
        }
        _ => None,
    }
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
    // Of what is not packed, this says in which way it is not.
    let otherwise = || Unpacked::of(&response.body);
    let unpacked = response.unpacked().cloned().unwrap_or_else(otherwise);
    let (mut records, mut read) = (Vec::new(), 0);
    for line in unpacked.text.split_inclusive(|byte| *byte == b'\n') {
        read += line.len();
        if read > MOST_BYTES {
            return Err(Unreadable::TooLarge);
        }
        // Of the last line some may be lacking.
        if read == unpacked.text.len() && !line.ends_with(b"\n") && unpacked.damage().is_some() {
            break;
        }
        let number = records.len() + 1;
        let not_an_object = |what| Unreadable::Line { line: number, what };
        // Whether it is text is seen at once, which is quicker than string by string.
        let read = match std::str::from_utf8(line) {
            Ok(line) => serde_json::from_str(line),
            Err(_) => serde_json::from_slice(line),
        };
        match read {
            Ok(Value::Object(record)) => records.push(record),
            Ok(other) => {
                return Err(not_an_object(other.to_string().chars().take(80).collect()));
            }
            Err(error) => return Err(not_an_object(error.to_string())),
        }
    }
    match unpacked.damage() {
        Some(source) => Err(Unreadable::Gzip {
            line: records.len(),
            source,
        }),
        None => Ok(records),
    }
}

#[cfg(test)]
thread_local! {
    /// How many files were unpacked on this thread.
    pub(crate) static UNPACKED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}
