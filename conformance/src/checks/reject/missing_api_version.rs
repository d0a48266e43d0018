//! `reject.missing-api-version`

use super::super::{Check, Judge, Level, Needs};
use crate::contract::expectation::Reason;

pub(in crate::checks) static CHECK: Check = Check {
    id: "reject.missing-api-version",
    level: Level::Must,
    text: "No `{header::API_VERSION}`: {status_code::BAD_REQUEST}.",
    source: "the submission page: `x-api-version`",
    applies: |request| {
        request
            .expectation()
            .refused_only_for(Reason::MissingApiVersion)
    },
    needs: Needs::JUDGED,
    judge: Judge::Refusal(Reason::MissingApiVersion),
};
