//! Whether jobs that name the same profiles in other ways bring the same contacts: as a string or as a list, a kind by its
//! name or by a shorthand, one set of fields or another.
//!
//! A contact that one job brings and another one does not is held against what sets the other apart: whatever brought a
//! contact of that kind elsewhere is cleared, as with refusals.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::checks::files;
use crate::checks::judgement::{Judgement, Other, Tally};
use crate::checks::response;
use crate::contract::fingerprint::fingerprint;
use crate::evidence::{Record, Seen, text};
use crate::generated::contract::submit::fields;

/// The most contacts that are remembered for having been found.
const MOST_CONTACTS: usize = 50_000;
/// The most files that are kept for what was found in them.
const MOST_FILES: usize = 8;
/// The most files that are kept for what is missing in them and was not found so far, those of each kind counted: of
/// more, the newest.
const MOST_WAITING: usize = 24;
/// The most contacts that one of those is kept for.
const MOST_MISSING: usize = 1_000;
/// The most files that are kept for what is missing in them and was found elsewhere.
const MOST_LACKING: usize = 64;

/// A way to ask for a kind of contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Way {
    /// With the identifiers as one string.
    UrlsString,
    /// With the fields as one string.
    FieldsString,
    /// By its name, among exactly these fields.
    Fields(u32),
    /// By a shorthand, alone or beside some of its parts.
    Shorthand,
}

/// What the files so far brought.
#[derive(Debug, Default)]
pub(super) struct Delivered {
    /// The contacts that were found, identifier and kind as a fingerprint, with the place of the file.
    found: HashMap<u64, usize>,
    files: Vec<Other>,
    /// The ways that brought a contact of a kind.
    cleared: HashSet<(Way, usize)>,
    waiting: VecDeque<Missing>,
    lacking: Vec<Lacking>,
}

/// A file, and the contacts of a kind that are missing in it.
#[derive(Debug)]
struct Missing {
    file: Other,
    ways: Vec<Way>,
    kind: usize,
    contacts: HashSet<u64>,
}

/// A file that lacks a contact, and the one that has it, where that is still known.
#[derive(Debug)]
struct Lacking {
    missing: Missing,
    found: Option<Other>,
}

impl Delivered {
    /// Takes in the files of an exchange.
    pub(super) fn push(&mut self, seen: &Seen<'_>) {
        for download in seen.downloads().filter(|download| download.merged) {
            let (Ok(records), Some((urls_string, fields_string))) =
                (download.records, files::forms(&download))
            else {
                continue;
            };
            let file = Other {
                number: download.number,
                exchange: download.exchange.clone(),
            };
            let asked: Vec<&str> = files::asked(&download).collect();
            for (kind, (leaf, _)) in fields::LEAVES.iter().enumerate() {
                let is_shorthand = |asked: &&str| asked != leaf && files::covers(asked, leaf);
                let way = if asked.iter().any(is_shorthand) {
                    Way::Shorthand
                } else if asked.contains(leaf) {
                    Way::Fields(download.submitted.fields)
                } else {
                    continue;
                };
                let forms = [
                    urls_string.then_some(Way::UrlsString),
                    fields_string.then_some(Way::FieldsString),
                ];
                let ways = forms.into_iter().flatten().chain([way]).collect();
                self.take(&file, records, kind, ways);
            }
        }
    }

    fn take(&mut self, file: &Other, records: &[Record], kind: usize, ways: Vec<Way>) {
        let leaf = fields::LEAVES[kind].0;
        let (mut found, mut missing) = (Vec::new(), HashSet::new());
        for record in records {
            // What is no record in its envelope is the business of `result.envelope`.
            let data = record.get("data").filter(|data| data.is_object());
            let (Some(identifier), Some(data)) = (text(record, "original_identifier"), data) else {
                continue;
            };
            // The kinds of one identifier are told apart by their places.
            let contact = fingerprint(identifier).wrapping_add(kind as u64);
            if !files::under(data, leaf).is_none_or(response::is_empty) {
                found.push(contact);
            } else if missing.len() < MOST_MISSING {
                missing.insert(contact);
            }
        }
        if !found.is_empty() {
            self.cleared.extend(ways.iter().map(|way| (*way, kind)));
            self.find(file, &found);
        }
        if missing.is_empty() {
            return;
        }
        let elsewhere = missing.iter().find_map(|contact| self.found.get(contact));
        let elsewhere = elsewhere.map(|place| self.files.get(*place).cloned());
        let missing = Missing {
            file: file.clone(),
            ways,
            kind,
            contacts: missing,
        };
        match elsewhere {
            Some(found) => self.lack(missing, found),
            None => {
                self.waiting.push_back(missing);
                if self.waiting.len() > MOST_WAITING {
                    self.waiting.pop_front();
                }
            }
        }
    }

    /// Notes what was found, and the files before in which it is missing.
    fn find(&mut self, file: &Other, contacts: &[u64]) {
        let place = self.files.len();
        let mut is_new = false;
        for contact in contacts {
            if self.found.len() < MOST_CONTACTS && !self.found.contains_key(contact) {
                self.found.insert(*contact, place);
                is_new = true;
            }
        }
        if !is_new {
            return;
        }
        if place < MOST_FILES {
            self.files.push(file.clone());
        }
        let has = |missing: &Missing| contacts.iter().any(|it| missing.contacts.contains(it));
        let waiting = std::mem::take(&mut self.waiting);
        let (lacking, waiting): (Vec<_>, Vec<_>) = waiting.into_iter().partition(has);
        self.waiting = waiting.into();
        for missing in lacking {
            self.lack(missing, Some(file.clone()));
        }
    }

    fn lack(&mut self, missing: Missing, found: Option<Other>) {
        if self.lacking.len() < MOST_LACKING {
            self.lacking.push(Lacking { missing, found });
        }
    }

    /// Adds the files that lack a contact for one of `mine`.
    pub(super) fn conclude(&self, mine: fn(Way) -> bool, tally: &mut Tally) {
        for Lacking { missing, found } in &self.lacking {
            let Some(way) = self.blamed(missing).filter(|way| mine(*way)) else {
                continue;
            };
            let leaf = fields::LEAVES[missing.kind].0;
            let judgement = Judgement::violated(
                format!("`{leaf}`, as another job brings it for the same profile"),
                format!("nothing under it, asked for {}", how(way)),
            );
            let Other { number, exchange } = &missing.file;
            tally.add_of_both(*number, exchange, judgement, found.as_ref());
        }
    }

    /// The one way to ask that explains what is missing. A shorthand brings all its parts, always: what no other way
    /// explains is held against it.
    fn blamed(&self, missing: &Missing) -> Option<Way> {
        let is_suspect = |way: &&Way| !self.cleared.contains(&(**way, missing.kind));
        let suspects: Vec<Way> = missing.ways.iter().filter(is_suspect).copied().collect();
        match suspects[..] {
            [one] => Some(one),
            [] => Some(Way::Shorthand).filter(|way| missing.ways.contains(way)),
            _ => Some(Way::Shorthand).filter(|way| suspects.contains(way)),
        }
    }
}

fn how(way: Way) -> String {
    match way {
        Way::UrlsString => "with the identifiers as a string".to_owned(),
        Way::FieldsString => "with the fields as a string".to_owned(),
        Way::Shorthand => "by a shorthand".to_owned(),
        Way::Fields(set) => {
            let fields = fields::VALUES.iter().enumerate();
            let fields = fields.filter(|(n, _)| set & (1 << n) != 0);
            let fields: Vec<&str> = fields.map(|(_, field)| *field).collect();
            format!("among {}", fields.join(", "))
        }
    }
}
