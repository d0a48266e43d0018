//! `reject.missing-api-version`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::needs::Needs;
use crate::contract::expectation::Reason;

pub(in crate::checks) static CHECK: Check = Check {
    id: "reject.missing-api-version",
    level: Level::Must,
    text: "No `{header::API_VERSION}`: {status_code::BAD_REQUEST}.",
    source: "the submission page: `x-api-version`",
    fix: Fix::in_both(
        "Refuse a submission without the header with {status_code::BAD_REQUEST}; have no default version here.",
        "Set `{header::API_VERSION}` where the HTTP client is made, so that no request is without it.",
    ),
    applies: |request| {
        request
            .expectation()
            .refused_only_for(Reason::MissingApiVersion)
    },
    needs: Needs::JUDGED,
    judge: Judge::Refusal(Reason::MissingApiVersion),
};
