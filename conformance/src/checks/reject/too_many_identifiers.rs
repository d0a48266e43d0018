//! `reject.too-many-identifiers`

use super::super::{Check, Judge, Level, Needs};
use crate::contract::expectation::Reason;

pub(in crate::checks) static CHECK: Check = Check {
    id: "reject.too-many-identifiers",
    level: Level::Must,
    text: "More than {submit::identifiers::MAX} identifiers, in either form: {status_code::BAD_REQUEST}.",
    source: "the submission page: `professional_network_profile_urls`",
    applies: |request| {
        request
            .expectation()
            .refused_only_for(Reason::TooManyIdentifiers)
    },
    needs: Needs::JUDGED,
    judge: Judge::Refusal(Reason::TooManyIdentifiers),
};
