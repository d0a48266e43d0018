//! `reject.other-api-version`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::needs::Needs;
use crate::contract::expectation::Reason;

pub(in crate::checks) static CHECK: Check = Check {
    id: "reject.other-api-version",
    level: Level::Must,
    text: "Any other version is not accepted: a 4xx.",
    source: "the submission page: `x-api-version`",
    applies: |request| {
        request
            .expectation()
            .refused_only_for(Reason::OtherApiVersion)
    },
    needs: Needs::JUDGED,
    judge: Judge::Refusal(Reason::OtherApiVersion),
};
