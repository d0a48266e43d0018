//! `reject.other-api-version`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::needs::Needs;
use crate::contract::expectation::Reason;

pub(in crate::checks) static CHECK: Check = Check {
    id: "reject.other-api-version",
    level: Level::Must,
    text: "Any other version is not accepted: a 4xx.",
    source: "the submission page: `x-api-version`",
    fix: Fix::in_both(
        "Compare the whole value with the versions that you serve, and refuse every other one: no order of dates, no prefix, no falling back to the newest.",
        "Send one version that you were tested with, as a constant.",
    ),
    applies: |request| {
        request
            .expectation()
            .refused_only_for(Reason::OtherApiVersion)
    },
    needs: Needs::JUDGED,
    judge: Judge::Refusal(Reason::OtherApiVersion),
};
