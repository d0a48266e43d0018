//! Faults in the limits of an account: how many jobs may be active, and what the headers say of the rate.

use axum::http::{HeaderMap, HeaderValue, StatusCode};

use super::Fault;
use crate::effect::Effect::{Crowded, Headers, Squeeze};
use crate::generated::contract::{header, limits};

const ACTIVE: &[&str] = &["limit.active-jobs"];
const HEADERS: &[&str] = &["limit.headers"];

/// A moment in seconds since 1970.
const MOMENT: u64 = 1_767_225_600;

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "active-jobs-unlimited",
        breaks: ACTIVE,
        about: "Any number of jobs may be active.",
        effects: &[Squeeze(|_, _| true)],
    },
    Fault {
        name: "active-jobs-one-more",
        breaks: ACTIVE,
        about: "One job more than the limit may be active.",
        effects: &[Squeeze(|_, active| active.count() <= limits::ACTIVE_JOBS)],
    },
    Fault {
        name: "active-jobs-without-pending",
        breaks: ACTIVE,
        about: "Jobs that wait don't count as active.",
        effects: &[Squeeze(|_, active| active.processing < limits::ACTIVE_JOBS)],
    },
    Fault {
        name: "active-jobs-without-processing",
        breaks: ACTIVE,
        about: "Jobs that are being worked on don't count as active.",
        effects: &[Squeeze(|_, active| active.pending < limits::ACTIVE_JOBS)],
    },
    Fault {
        name: "active-jobs-conflict",
        breaks: ACTIVE,
        about: "One job too many is answered with 409.",
        effects: &[Crowded(|answer, _| answer.status = StatusCode::CONFLICT)],
    },
    Fault {
        name: "active-jobs-fail",
        breaks: ACTIVE,
        about: "One job too many is answered with 500.",
        effects: &[Crowded(|answer, _| {
            answer.status = StatusCode::INTERNAL_SERVER_ERROR
        })],
    },
    Fault {
        name: "rate-limit-with-window",
        breaks: HEADERS,
        about: "x-ratelimit-limit names the window beside the number.",
        effects: &[Headers(|headers, _| {
            write(headers, header::RATE_LIMIT_LIMIT, "15;w=60")
        })],
    },
    Fault {
        name: "rate-remaining-negative",
        breaks: HEADERS,
        about: "x-ratelimit-remaining is below zero in answers of 429.",
        effects: &[Headers(|headers, status| {
            if status == StatusCode::TOO_MANY_REQUESTS {
                write(headers, header::RATE_LIMIT_REMAINING, "-1");
            }
        })],
    },
    Fault {
        name: "rate-reset-fraction",
        breaks: HEADERS,
        about: "x-ratelimit-reset has fractions of a second.",
        effects: &[Headers(|headers, _| {
            write(headers, header::RATE_LIMIT_RESET, "0.25")
        })],
    },
    Fault {
        name: "rate-reset-is-moment",
        breaks: HEADERS,
        about: "x-ratelimit-reset is a moment, in seconds since 1970.",
        effects: &[Headers(|headers, _| {
            write(headers, header::RATE_LIMIT_RESET, MOMENT)
        })],
    },
    Fault {
        name: "rate-reset-is-moment-in-refusals",
        breaks: HEADERS,
        about: "x-ratelimit-reset is a moment in milliseconds, in answers of 429.",
        effects: &[Headers(|headers, status| {
            if status == StatusCode::TOO_MANY_REQUESTS {
                write(headers, header::RATE_LIMIT_RESET, MOMENT * 1000);
            }
        })],
    },
];

/// Replaces a header, where it is sent.
fn write(headers: &mut HeaderMap, name: &'static str, value: impl ToString) {
    if let Some(header) = headers.get_mut(name)
        && let Ok(value) = HeaderValue::from_str(&value.to_string())
    {
        *header = value;
    }
}
