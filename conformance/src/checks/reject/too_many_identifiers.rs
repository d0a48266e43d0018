//! `reject.too-many-identifiers`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::needs::Needs;
use crate::contract::expectation::Reason;

pub(in crate::checks) static CHECK: Check = Check {
    id: "reject.too-many-identifiers",
    level: Level::Must,
    text: "More than {submit::identifiers::MAX} identifiers, in either form: {status_code::BAD_REQUEST}.",
    source: "the submission page: `professional_network_profile_urls`",
    fix: Fix::in_both(
        "Count the identifiers of both forms after splitting, and answer {status_code::BAD_REQUEST} above {submit::identifiers::MAX}; never cut the list to what fits.",
        "Check the number before you send.",
    ),
    applies: |request| {
        request
            .expectation()
            .refused_only_for(Reason::TooManyIdentifiers)
    },
    needs: Needs::JUDGED,
    judge: Judge::Refusal(Reason::TooManyIdentifiers),
};
