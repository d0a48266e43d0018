//! `reject.missing-identifiers`

use super::super::{Check, Judge, Level, Needs};
use crate::contract::expectation::Reason;

pub(in crate::checks) static CHECK: Check = Check {
    id: "reject.missing-identifiers",
    level: Level::Must,
    text: "No `{submit::identifiers::KEY}`: a 4xx.",
    source: "the submission page: `professional_network_profile_urls`",
    applies: |request| {
        request
            .expectation()
            .refused_only_for(Reason::MissingIdentifiers)
    },
    needs: Needs::JUDGED,
    judge: Judge::Refusal(Reason::MissingIdentifiers),
};
