//! The records beside the identifiers that were submitted.

use std::collections::{HashMap, VecDeque};

use super::Results;
use crate::request::normal;
use crate::{ContactRecord, Error};

/// Records, joined to the identifiers of their job; made by [`Results::join`].
#[derive(Debug)]
#[must_use]
#[non_exhaustive]
pub struct JoinedResults {
    /// One row for each identifier, in the order given.
    pub rows: Vec<JoinedRow>,
    /// Records that belong to none of the identifiers, in the file's order.
    pub others: Vec<ContactRecord>,
    /// Lines that can't be read, and at the end a count that doesn't fit or what keeps the rest of the file from being
    /// read ([`Error::is_unreadable_file`]).
    pub problems: Vec<Error>,
}

/// An identifier and what was found for it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JoinedRow {
    /// The identifier as it was given.
    pub identifier: String,
    /// Its record. There is one also for a profile without contacts; none means that the file lacks it, or that it
    /// can't be read there ([`JoinedResults::problems`]).
    pub record: Option<ContactRecord>,
}

impl JoinedResults {
    /// The identifiers without a record.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        self.rows
            .iter()
            .filter(|row| row.record.is_none())
            .map(|row| row.identifier.as_str())
    }
}

impl Results {
    /// Reads all records and joins them to the identifiers that were submitted, such as
    /// `request.professional_network_profile_urls.as_slice()`.
    ///
    /// The file's order says nothing, so the records' `original_identifier` decides: first where it is the very
    /// identifier, then among those left over whatever its scheme, `www.`, capitals and slash at the end. An identifier
    /// that was submitted twice gets a record twice, even if the file has but one.
    ///
    /// # Errors
    ///
    /// Only for a download that can't go on, where asking again may help, and for a file that can't be unpacked as far
    /// as its first record. Whatever else is wrong is in [`JoinedResults::problems`], a file that is damaged or cut
    /// short later on included: asking again is likely to give the same bytes, so the records before that are kept.
    pub async fn join<I>(mut self, identifiers: I) -> Result<JoinedResults, Error>
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        let mut records = Vec::new();
        let mut problems = Vec::new();
        while let Some(item) = self.next().await {
            match item {
                Ok(record) => records.push(Some(record)),
                Err(error)
                    if error.is_unreadable_line()
                        || error.is_count_mismatch()
                        || error.is_unreadable_file() && !records.is_empty() =>
                {
                    problems.push(error);
                }
                Err(error) => return Err(error),
            }
        }
        let mut rows: Vec<_> = identifiers
            .into_iter()
            .map(|identifier| JoinedRow {
                identifier: identifier.into(),
                record: None,
            })
            .collect();
        hand_out(&mut records, &mut rows, str::to_owned);
        hand_out(&mut records, &mut rows, normal);
        share(&mut rows);
        Ok(JoinedResults {
            rows,
            others: records.into_iter().flatten().collect(),
            problems,
        })
    }
}

/// Moves records to rows without one whose identifier comes to the same, each record to one row.
fn hand_out(
    records: &mut [Option<ContactRecord>],
    rows: &mut [JoinedRow],
    name: impl Fn(&str) -> String,
) {
    let mut found: HashMap<String, VecDeque<&mut Option<ContactRecord>>> = HashMap::new();
    for slot in records {
        if let Some(record) = slot {
            let name = name(&record.original_identifier);
            found.entry(name).or_default().push_back(slot);
        }
    }
    for row in rows.iter_mut().filter(|row| row.record.is_none()) {
        let slot = found
            .get_mut(&name(&row.identifier))
            .and_then(VecDeque::pop_front);
        row.record = slot.and_then(Option::take);
    }
}

/// Copies records to rows without one whose identifier was submitted more than once.
fn share(rows: &mut [JoinedRow]) {
    let (found, missing): (Vec<_>, Vec<_>) = rows.iter_mut().partition(|row| row.record.is_some());
    let found: HashMap<_, _> = found
        .iter()
        .map(|row| (name_with_capitals(&row.identifier), &row.record))
        .collect();
    for row in missing {
        let record = found.get(&name_with_capitals(&row.identifier));
        row.record = record.and_then(|record| (*record).clone());
    }
}

/// What two spellings of the same profile URL have in common, its id's capitals included: two ids may differ in nothing
/// else, and nobody is to get another's contacts.
fn name_with_capitals(identifier: &str) -> (String, &str) {
    let end = identifier.trim().trim_end_matches('/').rsplit('/').next();
    (normal(identifier), end.unwrap_or_default())
}
