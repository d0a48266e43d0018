//! `reject.missing-authorization`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::needs::Needs;
use crate::contract::expectation::Reason;

pub(in crate::checks) static CHECK: Check = Check {
    id: "reject.missing-authorization",
    level: Level::Must,
    text: "No `Authorization`: not accepted; {status_code::UNAUTHORIZED} by the documentation.",
    source: "the submission page: `Authorization`; the status is from the provider's documentation",
    fix: Fix::in_both(
        "Check the key before anything else, on every path, and answer {status_code::UNAUTHORIZED} where there is none.",
        "Fail before you send anything where no key is set.",
    ),
    applies: |request| {
        request
            .expectation()
            .refused_only_for(Reason::MissingAuthorization)
    },
    needs: Needs::JUDGED,
    judge: Judge::Refusal(Reason::MissingAuthorization),
};
