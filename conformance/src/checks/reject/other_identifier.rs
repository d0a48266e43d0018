//! `reject.other-identifier`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::needs::Needs;
use crate::contract::expectation::Reason;

pub(in crate::checks) static CHECK: Check = Check {
    id: "reject.other-identifier",
    level: Level::Must,
    text: "Another identifier type alone, such as `business_emails`: a 4xx.",
    source: "the submission page: the request body",
    fix: Fix::in_both(
        "Let no other kind of identifier stand for `{submit::identifiers::KEY}`: answer a 4xx where that key is missing.",
        "Submit profile URLs; other identifiers are for other endpoints.",
    ),
    applies: |request| {
        request
            .expectation()
            .refused_only_for(Reason::OtherIdentifier)
    },
    needs: Needs::JUDGED,
    judge: Judge::Refusal(Reason::OtherIdentifier),
};
