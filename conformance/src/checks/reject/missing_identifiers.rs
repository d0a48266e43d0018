//! `reject.missing-identifiers`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::needs::Needs;
use crate::contract::expectation::Reason;

pub(in crate::checks) static CHECK: Check = Check {
    id: "reject.missing-identifiers",
    level: Level::Must,
    text: "No `{submit::identifiers::KEY}`: a 4xx.",
    source: "the submission page: `professional_network_profile_urls`",
    fix: Fix::in_server(
        "Require `{submit::identifiers::KEY}`, and answer a 4xx without it: neither an empty job nor an exception.",
    ),
    applies: |request| {
        request
            .expectation()
            .refused_only_for(Reason::MissingIdentifiers)
    },
    needs: Needs::JUDGED,
    judge: Judge::Refusal(Reason::MissingIdentifiers),
};
