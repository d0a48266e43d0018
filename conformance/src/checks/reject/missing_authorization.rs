//! `reject.missing-authorization`

use super::super::{Check, Judge, Level, Needs};
use crate::contract::expectation::Reason;

pub(in crate::checks) static CHECK: Check = Check {
    id: "reject.missing-authorization",
    level: Level::Must,
    text: "No `Authorization`: not accepted; {status_code::UNAUTHORIZED} by the documentation.",
    source: "the submission page: `Authorization`; the status is from the provider's documentation",
    applies: |request| {
        request
            .expectation()
            .refused_only_for(Reason::MissingAuthorization)
    },
    needs: Needs::JUDGED,
    judge: Judge::Refusal(Reason::MissingAuthorization),
};
