//! The key of a request, and what a request without a valid one asks for.

use axum::http::{HeaderMap, header};

use crate::phase::Phase;

/// What the key of a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    Missing,
    Unknown,
    Known,
}

impl Key {
    /// The key among these headers, measured against the one that is known.
    pub(crate) fn read(headers: &HeaderMap, known: &str) -> Self {
        let Some(value) = headers.get(header::AUTHORIZATION) else {
            return Self::Missing;
        };
        match value.to_str().ok().and_then(|text| text.split_once(' ')) {
            Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") && key.trim() == known => {
                Self::Known
            }
            _ => Self::Unknown,
        }
    }
}

/// A request for a job or for the list whose key is not valid.
#[derive(Debug)]
pub(crate) struct Locked {
    /// Missing or unknown.
    pub(crate) key: Key,
    pub(crate) target: Target,
    /// The phase of the job, where it is one that exists.
    pub(crate) phase: Option<Phase>,
    /// What comes after the question mark; empty where there is nothing.
    pub(crate) query: String,
}

/// What a locked request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// A job that is final.
    FinalJob,
    /// Any other job, whether it exists or not.
    Job,
    /// The list.
    List,
}

/// A request about the account, as far as it is judged before anything else.
#[derive(Debug)]
pub(crate) struct AccountAccess {
    pub(crate) path: String,
    pub(crate) key: Key,
    /// Value of the version header, if there is one.
    pub(crate) version: Option<String>,
}
