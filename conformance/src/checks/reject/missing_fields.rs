//! `reject.missing-fields`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::needs::Needs;
use crate::contract::expectation::Reason;

pub(in crate::checks) static CHECK: Check = Check {
    id: "reject.missing-fields",
    level: Level::Must,
    text: "No `fields`: a 4xx.",
    source: "the submission page: `fields`",
    fix: Fix::in_server(
        "Require `fields`, and have no default: what is asked for is what is billed.",
    ),
    applies: |request| {
        request
            .expectation()
            .refused_only_for(Reason::MissingFields)
    },
    needs: Needs::JUDGED,
    judge: Judge::Refusal(Reason::MissingFields),
};
