//! The list of known failures: clauses that are known to be violated, each with a reason and, where it is given,
//! the last day on which that is tolerated. What an entry does to a verdict is in `results`.
//!
//! It is a TOML file with one table a clause:
//!
//! ```toml
//! [submit.status-pending]
//! reason = "the staging server starts at once (TICKET-17)"
//! expires = 2031-12-31   # optional; the last day, in UTC
//! ```

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use crate::checks;
use crate::readable::{self, MOST_TEXT};
use crate::suggest;

/// Clauses that are known to be violated.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownFailures {
    entries: BTreeMap<&'static str, Entry>,
}

/// What is known of one clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Why the failure is tolerated.
    pub reason: String,
    /// The last day on which it is; `None` for no end.
    pub expires: Option<NaiveDate>,
}

impl Entry {
    /// Whether the entry's last day is before `today`.
    pub fn is_expired(&self, today: NaiveDate) -> bool {
        self.expires.is_some_and(|last| last < today)
    }
}

/// Why a list of known failures can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KnownFailuresError {
    /// It is not TOML, or not of this form. The text names the line and shows it.
    #[error(
        "not a list of known failures: {0}\neach clause has a table with its `reason`, as in [submit.entity]"
    )]
    Form(String),
    /// It names a clause that does not exist.
    #[error("line {line}: {problem}")]
    Clause {
        /// Line of the entry, from 1.
        line: usize,
        /// What is wrong, with the clause that comes closest.
        problem: String,
    },
    /// An entry says something that makes no sense.
    #[error("line {line}: {problem}")]
    Value {
        /// Line of the value, from 1.
        line: usize,
        /// What is wrong with it.
        problem: &'static str,
    },
}

/// As it stands in the file: groups of clauses, by the part of the id before the dot.
#[derive(Deserialize)]
#[serde(transparent)]
struct File(BTreeMap<String, BTreeMap<Spanned<String>, RawEntry>>);

#[derive(Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "a table with a `reason`, under the clause's id without quotes"
)]
struct RawEntry {
    reason: Spanned<String>,
    expires: Option<Spanned<Datetime>>,
}

impl KnownFailures {
    /// Reads the text of a file.
    ///
    /// # Errors
    ///
    /// When it is not of the form above, or names a clause that does not exist; with the line.
    pub fn parse(text: &str) -> Result<Self, KnownFailuresError> {
        let File(groups) = toml::from_str(text).map_err(|error| {
            let text = error.to_string();
            KnownFailuresError::Form(readable::block(text.trim_end(), MOST_TEXT))
        })?;
        let line = |at: usize| text[..at.min(text.len())].matches('\n').count() + 1;
        let mut entries = BTreeMap::new();
        for (group, clauses) in groups {
            for (name, raw) in clauses {
                let id = format!("{group}.{}", name.get_ref());
                let check = checks::find(&id).or_else(|| checks::find_client(&id));
                let check = check.ok_or_else(|| KnownFailuresError::Clause {
                    line: line(name.span().start),
                    problem: suggest::unknown_clause(&readable::line(&id, MOST_TEXT)),
                })?;
                if raw.reason.get_ref().trim().is_empty() {
                    return Err(KnownFailuresError::Value {
                        line: line(raw.reason.span().start),
                        problem: "the reason is empty: say why the failure is tolerated",
                    });
                }
                let expires = raw
                    .expires
                    .map(|expires| {
                        date(expires.get_ref()).ok_or(KnownFailuresError::Value {
                            line: line(expires.span().start),
                            problem: "`expires` is a day, such as 2031-12-31, without a time",
                        })
                    })
                    .transpose()?;
                let entry = Entry {
                    reason: raw.reason.into_inner(),
                    expires,
                };
                entries.insert(check.id, entry);
            }
        }
        Ok(Self { entries })
    }

    /// The entry of this clause.
    pub fn get(&self, id: &str) -> Option<&Entry> {
        self.entries.get(id)
    }
}

fn date(value: &Datetime) -> Option<NaiveDate> {
    let day = value.date.filter(|_| value.time.is_none())?;
    NaiveDate::from_ymd_opt(day.year.into(), day.month.into(), day.day.into())
}
