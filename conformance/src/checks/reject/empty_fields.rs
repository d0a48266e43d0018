//! `reject.empty-fields`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::needs::Needs;
use crate::contract::expectation::Reason;

pub(in crate::checks) static CHECK: Check = Check {
    id: "reject.empty-fields",
    level: Level::Must,
    text: "`fields` of `[]` or an empty string: {status_code::BAD_REQUEST}.",
    source: "the submission page: `fields`",
    fix: Fix::in_both(
        "Take `[]` and an empty string for a missing value, and answer {status_code::BAD_REQUEST}: neither stands for all fields.",
        "Ask for at least one field; don't send an empty selection of your user's.",
    ),
    applies: |request| request.expectation().refused_only_for(Reason::EmptyFields),
    needs: Needs::JUDGED,
    judge: Judge::Refusal(Reason::EmptyFields),
};
