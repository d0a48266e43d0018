//! `reject.malformed-body`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::needs::Needs;
use crate::contract::expectation::Reason;

pub(in crate::checks) static CHECK: Check = Check {
    id: "reject.malformed-body",
    level: Level::Must,
    text: "A body that is not a JSON object: a 4xx, never a 5xx.",
    source: "the submission page: the request body",
    applies: |request| {
        request
            .expectation()
            .refused_only_for(Reason::MalformedBody)
    },
    needs: Needs::JUDGED,
    judge: Judge::Refusal(Reason::MalformedBody),
};
