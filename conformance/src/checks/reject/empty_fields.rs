//! `reject.empty-fields`

use super::super::{Check, Judge, Level, Needs};
use crate::contract::expectation::Reason;

pub(in crate::checks) static CHECK: Check = Check {
    id: "reject.empty-fields",
    level: Level::Must,
    text: "`fields` of `[]` or an empty string: {status_code::BAD_REQUEST}.",
    source: "the submission page: `fields`",
    applies: |request| request.expectation().refused_only_for(Reason::EmptyFields),
    needs: Needs::JUDGED,
    judge: Judge::Refusal(Reason::EmptyFields),
};
