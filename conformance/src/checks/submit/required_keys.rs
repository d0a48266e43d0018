//! `submit.required-keys`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::generated::contract::submit::accepted;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.required-keys",
    level: Level::Must,
    text: "All required keys are there, with their types. Unknown extra keys are fine.",
    source: "the submission page: the response",
    fix: Fix::in_both(
        "Write every required key into each response to a submission, with its documented type, whatever the request was.",
        "Rely on these keys alone, and read past keys that you don't know.",
    ),
    applies: response::is_valid,
    needs: Needs::JUDGED,
    judge: Judge::Each(|exchange| {
        response::judge_object(exchange, |object| {
            response::judge_keys(object, accepted::REQUIRED)
        })
    }),
};
