//! `reject.unsupported-field`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::needs::Needs;
use crate::contract::expectation::Reason;

pub(in crate::checks) static CHECK: Check = Check {
    id: "reject.unsupported-field",
    level: Level::Must,
    text: "Any value outside the supported fields, alone or beside supported ones, in either form: {status_code::BAD_REQUEST}.",
    source: "the submission page: `fields`",
    fix: Fix::in_both(
        "Check every value of both forms, as it is written, and refuse the whole request if one of them is not supported; don't drop it in silence.",
        "Offer the supported fields as an enum, so that no other one can be asked for.",
    ),
    applies: |request| {
        request
            .expectation()
            .refused_only_for(Reason::UnsupportedField)
    },
    needs: Needs::JUDGED,
    judge: Judge::Refusal(Reason::UnsupportedField),
};
