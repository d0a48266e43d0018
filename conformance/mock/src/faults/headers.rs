//! Faults in the rate-limit headers of some responses only.

use axum::http::{HeaderValue, StatusCode};

use super::named;
use crate::edits::Clauses;
use crate::hooks::{Fault, fault};
use crate::rate::RateHeaders;

const HEADERS: Clauses = &["limit.headers"];

/// A point in time as HTTP writes it.
pub(super) const DATE: HeaderValue = HeaderValue::from_static("Thu, 01 Jan 2026 00:00:00 GMT");

type Edit = fn(&mut RateHeaders);

/// What is wrong: a name, what is said of it, and how.
const WRONGS: &[(&str, &str, Edit)] = &[
    ("reset-is-date", "x-ratelimit-reset is a date", |rate| {
        rate.reset = DATE
    }),
    ("limit-is-a-word", "x-ratelimit-limit is a word", |rate| {
        rate.limit = HeaderValue::from_static("unlimited");
    }),
    (
        "remaining-is-negative",
        "x-ratelimit-remaining is below zero",
        |rate| {
            rate.remaining = HeaderValue::from_static("-1");
        },
    ),
];

/// In which responses.
const STATUSES: &[StatusCode] = &[
    StatusCode::BAD_REQUEST,
    StatusCode::UNAUTHORIZED,
    StatusCode::NOT_FOUND,
];

pub(super) fn faults() -> Vec<Fault> {
    let mut faults = Vec::new();
    for &(wrong, about, edit) in WRONGS {
        for &status in STATUSES {
            let code = status.as_u16();
            faults.push(
                fault(named(format!("rate-{wrong}-with-{code}")), HEADERS)
                    .about(format!("{about} in responses of {code}."))
                    .response(move |response, ()| {
                        if response.status == status {
                            response.rate.as_mut().into_iter().for_each(edit);
                        }
                    }),
            );
        }
    }
    faults
}
