//! `reject.unsupported-field`

use super::super::{Check, Judge, Level, Needs};
use crate::contract::expectation::Reason;

pub(in crate::checks) static CHECK: Check = Check {
    id: "reject.unsupported-field",
    level: Level::Must,
    text: "Any value outside the supported fields, alone or beside supported ones, in either form: {status_code::BAD_REQUEST}.",
    source: "the submission page: `fields`",
    applies: |request| {
        request
            .expectation()
            .refused_only_for(Reason::UnsupportedField)
    },
    needs: Needs::JUDGED,
    judge: Judge::Refusal(Reason::UnsupportedField),
};
