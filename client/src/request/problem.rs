//! What can be wrong with a request before it is sent. The checks themselves are with the types.

use std::fmt;

use crate::generated::contract::{
    list::{limit::MAX as PAGE_LIMIT_MAX, limit::MIN as PAGE_LIMIT_MIN},
    submit::{
        chunk_size::MAX as CHUNK_SIZE_MAX, chunk_size::MIN as CHUNK_SIZE_MIN, fields,
        identifiers::KEY as IDENTIFIERS_KEY, identifiers::MAX as IDENTIFIERS_MAX,
        identifiers::MIN as IDENTIFIERS_MIN,
    },
};

/// Why a request can't be built. Nothing was sent.
///
/// Holds every problem found, so that a caller mends a request once and not problem by problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidRequest {
    problems: Vec<Problem>,
}

/// Problems that one message spells out; a list of a million blank lines has as many.
const PROBLEMS_SHOWN: usize = 10;

impl InvalidRequest {
    /// The problems, at least one, in the order of the request's keys.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// `value`, unless there are problems.
    pub(crate) fn unless<T>(problems: Vec<Problem>, value: T) -> Result<T, Self> {
        if problems.is_empty() {
            Ok(value)
        } else {
            Err(Self { problems })
        }
    }

    /// Both values, or all problems of both.
    pub(crate) fn both<A, B>(a: Result<A, Self>, b: Result<B, Self>) -> Result<(A, B), Self> {
        match (a, b) {
            (Ok(a), Ok(b)) => Ok((a, b)),
            (Err(mut a), Err(b)) => {
                a.problems.extend(b.problems);
                Err(a)
            }
            (Err(error), Ok(_)) | (Ok(_), Err(error)) => Err(error),
        }
    }
}

impl From<Problem> for InvalidRequest {
    fn from(problem: Problem) -> Self {
        Self {
            problems: vec![problem],
        }
    }
}

impl fmt::Display for InvalidRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the request can't be sent: ")?;
        for (index, problem) in self.problems.iter().take(PROBLEMS_SHOWN).enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{problem}")?;
        }
        match self.problems.len().saturating_sub(PROBLEMS_SHOWN) {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

impl std::error::Error for InvalidRequest {}

/// One thing that is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Fewer identifiers than a job needs.
    #[error("`{IDENTIFIERS_KEY}` has {count} identifiers: give at least {IDENTIFIERS_MIN}")]
    TooFewIdentifiers {
        /// How many there are.
        count: usize,
    },
    /// More identifiers than a job takes.
    #[error(
        "`{IDENTIFIERS_KEY}` has {count} identifiers, and a job takes at most {IDENTIFIERS_MAX}: split them \
         into several jobs (`ContactEnrichRequestBuilder::chunks`)"
    )]
    TooManyIdentifiers {
        /// How many there are.
        count: usize,
    },
    /// A number of identifiers for each job of several that no job takes.
    #[error(
        "jobs of {value} identifiers can't be made: it goes from {IDENTIFIERS_MIN} to {IDENTIFIERS_MAX}"
    )]
    JobSize {
        /// The number as it was given.
        value: usize,
    },
    /// An identifier without anything in it.
    #[error("identifier {position} is blank: leave it out")]
    BlankIdentifier {
        /// Its place, counted from 1.
        position: usize,
    },
    /// An identifier that the API could take for two, since it reads one string as a comma-separated list.
    #[error(
        "identifier {position} has a comma, which separates identifiers: write %2C if \
         it belongs to the URL, else give each identifier as an item of its own"
    )]
    IdentifierWithComma {
        /// Its place, counted from 1.
        position: usize,
    },
    /// No contact kind is asked for.
    #[error("`fields` is empty: name at least one of {}", fields::VALUES.join(", "))]
    NoFields,
    /// A contact kind that the contract doesn't know.
    #[error("`fields` has {name:?}, which is none of {}", fields::VALUES.join(", "))]
    UnknownField {
        /// The name as it was given.
        name: String,
    },
    /// A webhook address that nothing can be posted to.
    #[error("`webhook_url` {reason}: give an absolute http or https URL")]
    WebhookUrl {
        /// What is wrong with it.
        reason: String,
    },
    /// A chunk size outside the contract's range.
    #[error(
        "`chunk_size` is {value}: it goes from {CHUNK_SIZE_MIN} to {CHUNK_SIZE_MAX}, or leave it out"
    )]
    ChunkSize {
        /// The size as it was given.
        value: u32,
    },
    /// A page limit outside the contract's range.
    #[error(
        "`limit` is {value}: it goes from {PAGE_LIMIT_MIN} to {PAGE_LIMIT_MAX}, or leave it out"
    )]
    PageLimit {
        /// The limit as it was given.
        value: u32,
    },
}
