//! Faults in what is asked of the headers: the key and the version.

use axum::http::StatusCode;

use super::Fault;
use crate::effect::Effect::{Overlook, Refused, Restate};
use crate::generated::contract;
use crate::rules::Reason;
use crate::submission::Submission;

const MISSING_VERSION: &[&str] = &["reject.missing-api-version"];
const OTHER_VERSION: &[&str] = &["reject.other-api-version"];
const MISSING_KEY: &[&str] = &["reject.missing-authorization"];
const UNKNOWN_KEY: &[&str] = &["reject.unknown-key"];

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "accepts-missing-version",
        breaks: MISSING_VERSION,
        about: "A submission without a version is accepted.",
        effects: &[Overlook(|_, reason| reason == Reason::MissingVersion)],
    },
    Fault {
        name: "missing-version-unauthorized",
        breaks: MISSING_VERSION,
        about: "A submission without a version is answered with 401.",
        effects: &[Restate(StatusCode::UNAUTHORIZED, |_, reason| {
            reason == Reason::MissingVersion
        })],
    },
    Fault {
        name: "missing-version-not-found",
        breaks: MISSING_VERSION,
        about: "A submission without a version is answered with 404.",
        effects: &[Restate(StatusCode::NOT_FOUND, |_, reason| {
            reason == Reason::MissingVersion
        })],
    },
    Fault {
        name: "missing-version-fails",
        breaks: MISSING_VERSION,
        about: "A submission without a version is answered with 500.",
        effects: &[Restate(StatusCode::INTERNAL_SERVER_ERROR, |_, reason| {
            reason == Reason::MissingVersion
        })],
    },
    Fault {
        name: "accepts-any-version",
        breaks: OTHER_VERSION,
        about: "A submission with any version is accepted.",
        effects: &[Overlook(|_, reason| reason == Reason::OtherVersion)],
    },
    Fault {
        name: "accepts-later-versions",
        breaks: OTHER_VERSION,
        about: "A submission with a later version is accepted.",
        effects: &[Overlook(|it, reason| {
            reason == Reason::OtherVersion
                && version(it) > contract::API_VERSION
                && is_date(version(it))
        })],
    },
    Fault {
        name: "accepts-earlier-versions",
        breaks: OTHER_VERSION,
        about: "A submission with an earlier version is accepted.",
        effects: &[Overlook(|it, reason| {
            reason == Reason::OtherVersion
                && version(it) < contract::API_VERSION
                && is_date(version(it))
        })],
    },
    Fault {
        name: "accepts-undated-versions",
        breaks: OTHER_VERSION,
        about: "A submission whose version is no date is accepted.",
        effects: &[Overlook(|it, reason| {
            reason == Reason::OtherVersion && !is_date(version(it))
        })],
    },
    Fault {
        name: "other-version-fails",
        breaks: OTHER_VERSION,
        about: "A submission with another version is answered with 500.",
        effects: &[Restate(StatusCode::INTERNAL_SERVER_ERROR, |_, reason| {
            reason == Reason::OtherVersion
        })],
    },
    Fault {
        name: "accepts-missing-key",
        breaks: MISSING_KEY,
        about: "A submission without a key is accepted.",
        effects: &[Overlook(|_, reason| reason == Reason::MissingKey)],
    },
    Fault {
        name: "missing-key-forbidden",
        breaks: MISSING_KEY,
        about: "A submission without a key is answered with 403.",
        effects: &[Restate(StatusCode::FORBIDDEN, |_, reason| {
            reason == Reason::MissingKey
        })],
    },
    Fault {
        name: "missing-key-bad-request",
        breaks: MISSING_KEY,
        about: "A submission without a key is answered with 400.",
        effects: &[Restate(StatusCode::BAD_REQUEST, |_, reason| {
            reason == Reason::MissingKey
        })],
    },
    Fault {
        name: "missing-key-fails",
        breaks: MISSING_KEY,
        about: "A submission without a key is answered with 500.",
        effects: &[Restate(StatusCode::INTERNAL_SERVER_ERROR, |_, reason| {
            reason == Reason::MissingKey
        })],
    },
    Fault {
        name: "accepts-unknown-key",
        breaks: UNKNOWN_KEY,
        about: "A submission with an unknown key is accepted.",
        effects: &[Overlook(|_, reason| reason == Reason::UnknownKey)],
    },
    Fault {
        name: "unknown-key-forbidden",
        breaks: UNKNOWN_KEY,
        about: "A submission with an unknown key is answered with 403.",
        effects: &[Restate(StatusCode::FORBIDDEN, |_, reason| {
            reason == Reason::UnknownKey
        })],
    },
    Fault {
        name: "unknown-key-ok",
        breaks: UNKNOWN_KEY,
        about: "A submission with an unknown key is refused by the body, and accepted by the status.",
        effects: &[Refused(|answer, _, reason| {
            if reason == Reason::UnknownKey {
                answer.status = StatusCode::OK;
            }
        })],
    },
];

fn version(submission: &Submission) -> &str {
    submission.version.as_deref().unwrap_or_default()
}

/// Whether a version looks like the supported one: digits and hyphens, in the same places.
fn is_date(version: &str) -> bool {
    let shape = |text: &str| {
        text.chars()
            .map(|char| char.is_ascii_digit())
            .collect::<Vec<_>>()
    };
    shape(version) == shape(contract::API_VERSION)
}
