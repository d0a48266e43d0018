//! Faults in the limits of an account: how many jobs may be active, and what the headers say of the rate.

use axum::http::{HeaderValue, StatusCode};

use super::headers::DATE;
use crate::edits::{Clauses, status, when};
use crate::generated::contract::limits;
use crate::hooks::{Fault, Hook, fault};
use crate::rate::RateHeaders;
use crate::response::Response;
use crate::rules::{Reason, Refusal};

const ACTIVE: Clauses = &["limit.active-jobs"];
const HEADERS: Clauses = &["limit.headers"];

pub(super) fn faults() -> Vec<Fault> {
    vec![
        fault("active-jobs-unlimited", ACTIVE)
            .about("Any number of jobs may be active.")
            .at_limit(|is_throttled, _| *is_throttled = false),
        fault("active-jobs-one-more", ACTIVE)
            .about("One job more than the limit may be active.")
            .at_limit(|is_throttled, active| *is_throttled &= active.count() > limits::ACTIVE_JOBS),
        fault("active-jobs-without-pending", ACTIVE)
            .about("Jobs that wait don't count as active.")
            .at_limit(|is_throttled, active| {
                *is_throttled &= active.processing >= limits::ACTIVE_JOBS
            }),
        fault("active-jobs-without-processing", ACTIVE)
            .about("Jobs that are being worked on don't count as active.")
            .at_limit(|is_throttled, active| {
                *is_throttled &= active.pending >= limits::ACTIVE_JOBS
            }),
        fault("active-jobs-conflict", ACTIVE)
            .about("One job too many gets 409.")
            .refused(when(is_one_too_many, status(StatusCode::CONFLICT))),
        fault("active-jobs-fail", ACTIVE)
            .about("One job too many gets 500.")
            .refused(when(
                is_one_too_many,
                status(StatusCode::INTERNAL_SERVER_ERROR),
            )),
        fault("rate-limit-with-window", HEADERS)
            .about("x-ratelimit-limit names the window beside the number.")
            .response(rate(|rate| {
                rate.limit = HeaderValue::from_static("15;w=60")
            })),
        fault("rate-remaining-negative", HEADERS)
            .about("x-ratelimit-remaining is below zero in responses of 429.")
            .response(throttled(|rate| {
                rate.remaining = HeaderValue::from_static("-1")
            })),
        fault("rate-reset-fraction", HEADERS)
            .about("x-ratelimit-reset has fractions of a second.")
            .response(rate(|rate| rate.reset = HeaderValue::from_static("0.25"))),
        fault("rate-reset-is-date", HEADERS)
            .about("x-ratelimit-reset is a date.")
            .response(rate(|rate| rate.reset = DATE)),
        fault("rate-reset-is-date-in-refusals", HEADERS)
            .about("x-ratelimit-reset is a date, in responses of 429.")
            .response(throttled(|rate| rate.reset = DATE)),
    ]
}

fn is_one_too_many(refusal: &Refusal) -> bool {
    matches!(refusal.reason, Reason::TooManyJobs { .. })
}

/// Edits the rate-limit headers, where there are any.
fn rate(edit: fn(&mut RateHeaders)) -> impl Hook<Response, ()> {
    move |response, ()| {
        response.rate.as_mut().into_iter().for_each(edit);
    }
}

/// The same, in responses to throttled requests only.
fn throttled(edit: fn(&mut RateHeaders)) -> impl Hook<Response, ()> {
    move |response, ()| {
        if response.status == StatusCode::TOO_MANY_REQUESTS {
            response.rate.as_mut().into_iter().for_each(edit);
        }
    }
}
