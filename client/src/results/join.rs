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
    /// Records that belong to none of the identifiers.
    pub others: Vec<ContactRecord>,
    /// Lines that can't be read, and a count that doesn't fit.
    pub problems: Vec<Error>,
}

/// An identifier and what was found for it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JoinedRow {
    /// The identifier as it was given.
    pub identifier: String,
    /// Its record. There is one also for a profile without contacts; none means that the file lacks it.
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
    /// The file's order says nothing, so the records' `original_identifier` decides, whatever its scheme, `www.`,
    /// capitals and slash at the end. An identifier that was submitted twice gets a record twice, even if the file has
    /// but one.
    ///
    /// # Errors
    ///
    /// Only for a download that can't go on: whatever else is wrong is in [`JoinedResults::problems`].
    pub async fn join<I>(mut self, identifiers: I) -> Result<JoinedResults, Error>
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        let mut problems = Vec::new();
        let mut found: HashMap<String, VecDeque<ContactRecord>> = HashMap::new();
        while let Some(record) = self.next().await {
            match record {
                Ok(record) => found
                    .entry(normal(&record.original_identifier))
                    .or_default()
                    .push_back(record),
                Err(error) if error.is_unreadable_line() || error.is_count_mismatch() => {
                    problems.push(error);
                }
                Err(error) => return Err(error),
            }
        }
        let mut used: HashMap<String, ContactRecord> = HashMap::new();
        let rows = identifiers
            .into_iter()
            .map(|identifier| {
                let identifier = identifier.into();
                let name = normal(&identifier);
                let record = match found.get_mut(&name).and_then(VecDeque::pop_front) {
                    Some(record) => {
                        used.insert(name, record.clone());
                        Some(record)
                    }
                    None => used.get(&name).cloned(),
                };
                JoinedRow { identifier, record }
            })
            .collect();
        Ok(JoinedResults {
            rows,
            others: found.into_values().flatten().collect(),
            problems,
        })
    }
}
