//! `result.shorthand`

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use serde_json::Value;

use crate::checks::check::{Check, Judge, Level};
use crate::checks::course::Course;
use crate::checks::files;
use crate::checks::judgement::{Judgement, Tally};
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::contract::fingerprint::fingerprint;
use crate::evidence::{Evidence, Record, Seen, text};
use crate::exchange::Exchange;
use crate::generated::contract::submit::fields;

pub(in crate::checks) static CHECK: Check = Check {
    id: "result.shorthand",
    level: Level::Must,
    text: "A field that others extend brings them all: `personal_contact_info` brings `personal_emails` and `phone_numbers`.",
    source: "the submission page: `fields`",
    applies: files::is_download,
    needs: Needs::FILES,
    judge: Judge::Course(|| Box::<ByName>::default()),
};

/// The most contacts, found or missing, that are remembered.
const MOST_CONTACTS: usize = 200_000;
/// The most files that are remembered for what is missing in them.
const MOST_FILES: usize = 8;

/// A record is held against what other jobs brought for the same identifier when they asked for the parts by
/// name: a profile without a phone number is no fault of the server's. A record that has all the parts, be
/// they empty, keeps the clause by itself.
#[derive(Debug, Default)]
struct ByName {
    /// The contacts that were found when they were asked for by name: identifier and kind, as a fingerprint.
    found: HashSet<u64>,
    /// The files of jobs that asked for a shorthand, in which something is missing that nobody found so far.
    files: VecDeque<File>,
}

#[derive(Debug)]
struct File {
    number: usize,
    exchange: Arc<Exchange>,
    missing: HashMap<u64, Missing>,
    otherwise: Judgement,
}

/// A part that is empty, and the shorthand under which it was asked for.
#[derive(Debug, Clone, Copy)]
struct Missing {
    part: &'static str,
    shorthand: &'static str,
}

impl Missing {
    fn violated(self) -> Judgement {
        Judgement::violated(
            format!("`{}`, as when it is asked for by name", self.part),
            format!("nothing under it, asked for as `{}`", self.shorthand),
        )
    }
}

impl Course for ByName {
    fn push(&mut self, seen: &Seen<'_>, tally: &mut Tally) {
        for download in seen.downloads().filter(|download| download.merged) {
            let Ok(records) = download.records else {
                tally.excuse("no results file could be read");
                continue;
            };
            let asked: Vec<&str> = files::asked(&download).collect();
            self.find(&asked, records, tally);
            let (missing, otherwise) = missing(&asked, records);
            let lost = missing
                .iter()
                .find(|(contact, _)| self.found.contains(contact));
            if let Some((_, lost)) = lost {
                tally.add_of(download.number, download.exchange, lost.violated());
            } else if missing.is_empty() || missing.len() > MOST_CONTACTS {
                tally.add_of(download.number, download.exchange, otherwise);
            } else {
                self.files.push_back(File {
                    number: download.number,
                    exchange: download.exchange.clone(),
                    missing,
                    otherwise,
                });
                if self.files.len() > MOST_FILES
                    && let Some(File {
                        number,
                        exchange,
                        otherwise,
                        ..
                    }) = self.files.pop_front()
                {
                    tally.add_of(number, &exchange, otherwise);
                }
            }
        }
    }

    fn conclude(&self, _: &Evidence, tally: &mut Tally) {
        for file in &self.files {
            tally.add_of(file.number, &file.exchange, file.otherwise.clone());
        }
    }
}

impl ByName {
    /// Notes what was found when it was asked for by name, and judges the files in which it is missing.
    fn find(&mut self, asked: &[&str], records: &[Record], tally: &mut Tally) {
        for record in records {
            let identifier = text(record, "original_identifier").unwrap_or_default();
            let data = record.get("data").unwrap_or(&Value::Null);
            let leaves = fields::LEAVES.iter().map(|(leaf, _)| leaf);
            for leaf in leaves.filter(|leaf| asked.contains(leaf)) {
                if self.found.len() >= MOST_CONTACTS
                    || files::under(data, leaf).is_none_or(response::is_empty)
                {
                    continue;
                }
                let contact = contact(identifier, leaf);
                if self.found.insert(contact) {
                    self.files.retain(|file| match file.missing.get(&contact) {
                        Some(lost) => {
                            tally.add_of(file.number, &file.exchange, lost.violated());
                            false
                        }
                        None => true,
                    });
                }
            }
        }
    }
}

/// What is missing in the records of a job that asked for shorthands, and what is to be said of them if nobody
/// finds it.
fn missing(asked: &[&'static str], records: &[Record]) -> (HashMap<u64, Missing>, Judgement) {
    let mut missing = HashMap::new();
    let mut otherwise = Judgement::not_applicable("no job that asked for a shorthand shows it");
    for &shorthand in asked.iter().filter(|asked| is_shorthand(asked)) {
        let parts: Vec<&'static str> = (fields::LEAVES.iter().map(|(leaf, _)| *leaf))
            .filter(|leaf| files::covers(shorthand, leaf))
            .collect();
        for record in records {
            let data = record.get("data").unwrap_or(&Value::Null);
            let identifier = text(record, "original_identifier").unwrap_or_default();
            for &part in &parts {
                if files::under(data, part).is_none_or(response::is_empty) {
                    missing.insert(contact(identifier, part), Missing { part, shorthand });
                }
            }
            let has = |part: &&str| files::under(data, part).is_some_and(|value| !value.is_null());
            if parts.iter().all(has) {
                otherwise = Judgement::Satisfied;
            }
        }
    }
    (missing, otherwise)
}

fn contact(identifier: &str, leaf: &str) -> u64 {
    fingerprint(format!("{leaf} {identifier}"))
}

fn is_shorthand(field: &str) -> bool {
    fields::VALUES
        .iter()
        .any(|other| *other != field && files::covers(field, other))
}
