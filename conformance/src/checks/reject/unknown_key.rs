//! `reject.unknown-key`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::needs::Needs;
use crate::contract::expectation::Reason;

pub(in crate::checks) static CHECK: Check = Check {
    id: "reject.unknown-key",
    level: Level::Must,
    text: "An unknown key: not accepted; {status_code::UNAUTHORIZED} by the documentation.",
    source: "the submission page: `Authorization`; the status is from the provider's documentation",
    fix: Fix::in_both(
        "Look the whole key up, and answer {status_code::UNAUTHORIZED} to one that is not there, whatever else is in the request.",
        "Take a {status_code::UNAUTHORIZED} for final: say that the key is wrong, and don't repeat the request.",
    ),
    applies: |request| request.expectation().refused_only_for(Reason::UnknownKey),
    needs: Needs::JUDGED,
    judge: Judge::Refusal(Reason::UnknownKey),
};
