//! `reject.malformed-body`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::needs::Needs;
use crate::contract::expectation::Reason;

pub(in crate::checks) static CHECK: Check = Check {
    id: "reject.malformed-body",
    level: Level::Must,
    text: "A body that is not a JSON object: a 4xx, never a 5xx.",
    source: "the submission page: the request body",
    fix: Fix::in_server(
        "Catch what the parser throws, check that the body is an object, and answer a 4xx: an exception that gets as far as the framework becomes a 500.",
    ),
    applies: |request| {
        request
            .expectation()
            .refused_only_for(Reason::MalformedBody)
    },
    needs: Needs::JUDGED,
    judge: Judge::Refusal(Reason::MalformedBody),
};
