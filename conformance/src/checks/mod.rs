//! The checks: one clause of the contract each, as a value in a file that has the clause's name, and the
//! registry that `list`, `explain`, `run` and the reports are made from.
//!
//! A check is a pure function over evidence. It sends nothing, and it does not know who did.

pub mod acceptance;
mod files;
mod job;
mod jobs;
mod limit;
mod list;
mod lists;
mod needs;
mod refusal;
mod reject;
mod response;
mod result;
mod submit;
mod webhook;

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

pub use needs::{Needs, Submissions};

use crate::contract::expectation::Reason;
use crate::evidence::Evidence;
use crate::exchange::{Exchange, Request};
use crate::generated::wordings::WORDINGS;

/// Every check, in the order of the contract. The order is that of `list` and of the reports.
pub static CHECKS: &[&Check] = &[
    &submit::accepted::CHECK,
    &submit::required_keys::CHECK,
    &submit::batch_id::CHECK,
    &submit::status_pending::CHECK,
    &submit::entity::CHECK,
    &submit::action::CHECK,
    &submit::identifier_count::CHECK,
    &submit::entities_requested::CHECK,
    &submit::status_url::CHECK,
    &submit::no_data::CHECK,
    &submit::urls_string::CHECK,
    &submit::fields_string::CHECK,
    &submit::fields_supported::CHECK,
    &submit::max_identifiers::CHECK,
    &submit::chunk_size::CHECK,
    &submit::webhook_url::CHECK,
    &reject::missing_api_version::CHECK,
    &reject::other_api_version::CHECK,
    &reject::missing_authorization::CHECK,
    &reject::unknown_key::CHECK,
    &reject::too_many_identifiers::CHECK,
    &reject::missing_identifiers::CHECK,
    &reject::other_identifier::CHECK,
    &reject::missing_fields::CHECK,
    &reject::empty_fields::CHECK,
    &reject::unsupported_field::CHECK,
    &reject::available_fields::CHECK,
    &reject::chunk_size::CHECK,
    &reject::malformed_body::CHECK,
    &reject::error_body::CHECK,
    &reject::no_job::CHECK,
    &job::found::CHECK,
    &job::required_keys::CHECK,
    &job::status::CHECK,
    &job::progress::CHECK,
    &job::terminal::CHECK,
    &job::same_job::CHECK,
    &job::download_links::CHECK,
    &job::error_message::CHECK,
    &job::counts::CHECK,
    &job::authorization::CHECK,
    &job::version_optional::CHECK,
    &job::unknown_id::CHECK,
    &result::presigned::CHECK,
    &result::gzip_jsonl::CHECK,
    &result::envelope::CHECK,
    &result::count::CHECK,
    &result::every_identifier::CHECK,
    &result::parts::CHECK,
    &result::requested_kinds::CHECK,
    &result::shorthand::CHECK,
    &list::shape::CHECK,
    &list::limit::CHECK,
    &list::pages::CHECK,
    &list::order::CHECK,
    &list::status_filter::CHECK,
    &list::contains::CHECK,
    &list::authorization::CHECK,
    &limit::active_jobs::CHECK,
    &limit::headers::CHECK,
    &webhook::post::CHECK,
];

/// The check of the clause with this id.
pub fn find(id: &str) -> Option<&'static Check> {
    CHECKS.iter().copied().find(|check| check.id == id)
}

/// One clause of the contract, and how it is judged.
#[derive(Debug)]
pub struct Check {
    /// Id of the clause; permanent.
    pub id: &'static str,
    /// How binding the clause is.
    pub level: Level,
    /// The clause, with the names of constants for the document's values, as in `{list::limit::MAX}`.
    text: &'static str,
    /// Where the clause is from.
    pub source: &'static str,
    /// Whether the response to this request can be judged.
    pub applies: fn(&Request) -> bool,
    /// What else has to be sent.
    pub needs: Needs,
    judge: Judge,
}

/// How a check looks at the evidence.
#[derive(Debug)]
enum Judge {
    /// Each exchange that the check applies to, by itself.
    Each(fn(&Exchange) -> Judgement),
    /// Requests that break this rule alone: see [`refusal`].
    Refusal(Reason),
    /// All of it together.
    Together(fn(&Evidence<'_>) -> Vec<Observation>),
    /// Like `Together`, for the clauses that say that something valid is accepted: see [`acceptance`].
    Acceptance(fn(&Evidence<'_>) -> Vec<Observation>),
}

/// How binding a clause is, which is a matter of who says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The page of the endpoint says it.
    Must,
    /// Another page of the provider's documentation says it.
    Doc,
    /// Users report it, or it follows from other clauses. Breaking it is a warning.
    Seen,
    /// Nobody says; nothing is judged.
    Open,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Must => "must",
            Self::Doc => "doc",
            Self::Seen => "seen",
            Self::Open => "open",
        })
    }
}

/// What a check says of an exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// The clause is satisfied.
    Satisfied,
    /// The clause is violated.
    Violated {
        /// What the clause asks for here.
        expected: String,
        /// What came instead.
        got: String,
    },
    /// The clause is violated in a way that is known and tolerated: a warning, whatever the clause's level.
    Doubtful {
        /// What the clause asks for here.
        expected: String,
        /// What came instead.
        got: String,
    },
    /// The response says nothing about the clause; the text says why.
    NotApplicable(String),
    /// The clause speaks of a case that no exchange shows; the text names it. Bars a pass.
    NotCovered(String),
}

impl Judgement {
    /// A violated clause.
    pub fn violated(expected: impl Into<String>, got: impl Into<String>) -> Self {
        Self::Violated {
            expected: expected.into(),
            got: got.into(),
        }
    }

    /// A response that says nothing.
    pub fn not_applicable(why: impl Into<String>) -> Self {
        Self::NotApplicable(why.into())
    }
}

/// A judgement, and the exchange that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// Number of the exchange in the recording; `None` where it is about no single one.
    pub exchange: Option<usize>,
    /// What is said of it.
    pub judgement: Judgement,
}

impl Observation {
    /// What is said of the exchange with this number.
    fn of(exchange: usize, judgement: Judgement) -> Self {
        Self {
            exchange: Some(exchange),
            judgement,
        }
    }

    /// The clause speaks of a case that no exchange shows.
    fn not_covered(what: String) -> Self {
        Self {
            exchange: None,
            judgement: Judgement::NotCovered(what),
        }
    }
}

/// Judges the evidence by each of the checks, in their order.
pub fn judge(
    checks: &[&'static Check],
    evidence: &Evidence<'_>,
) -> Vec<(&'static Check, Vec<Observation>)> {
    (checks.iter().copied())
        .map(|check| (check, check.judge(evidence)))
        .collect()
}

impl Check {
    /// The clause in words, with the document's values filled in.
    pub fn clause(&self) -> String {
        WORDINGS
            .iter()
            .fold(self.text.to_owned(), |text, (name, wording)| {
                text.replace(&format!("{{{name}}}"), wording)
            })
    }

    /// What the clause is about: the part of its id before the dot.
    pub fn group(&self) -> &'static str {
        self.id.split('.').next().unwrap_or_default()
    }

    /// Judges what a run, a recording, or any part of one shows.
    pub fn judge(&self, evidence: &Evidence<'_>) -> Vec<Observation> {
        match self.judge {
            Judge::Together(judge) | Judge::Acceptance(judge) => judge(evidence),
            Judge::Each(judge) => self.judge_each(evidence, judge),
            Judge::Refusal(reason) => {
                let account_works = evidence.account.works;
                self.judge_each(evidence, |exchange| {
                    refusal::judge(exchange, reason, account_works)
                })
            }
        }
    }

    fn judge_each(
        &self,
        evidence: &Evidence<'_>,
        judge: impl Fn(&Exchange) -> Judgement,
    ) -> Vec<Observation> {
        (evidence.exchanges.iter())
            .filter(|(_, exchange)| (self.applies)(&exchange.request))
            .map(|(number, exchange)| Observation::of(*number, judge(exchange)))
            .collect()
    }

    /// Whether this one exchange, whatever came before and after it, shows that the clause is violated, or
    /// may show it. A smaller request that still does is a better finding.
    pub fn shown_by(&self, exchange: &Exchange) -> bool {
        let violated = |judgement| matches!(judgement, Judgement::Violated { .. });
        match self.judge {
            Judge::Acceptance(_) => acceptance::refused(exchange),
            _ if !(self.applies)(&exchange.request) => false,
            Judge::Each(judge) => violated(judge(exchange)),
            Judge::Refusal(reason) => violated(refusal::judge(exchange, reason, true)),
            Judge::Together(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_every_placeholder_is_filled() {
        let mut ids: Vec<_> = CHECKS.iter().map(|check| check.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), CHECKS.len());
        for check in CHECKS {
            let clause = check.clause();
            let unfilled = |(at, _): (usize, &str)| {
                clause[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic())
            };
            assert!(!clause.match_indices('{').any(unfilled), "{clause}");
        }
    }
}
