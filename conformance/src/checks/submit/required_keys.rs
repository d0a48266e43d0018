//! `submit.required-keys`

use super::super::{Check, Judge, Level, Needs, answer};
use crate::generated::contract::submit::accepted;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.required-keys",
    level: Level::Must,
    text: "All required keys are there, with their types. Unknown extra keys are fine.",
    source: "the submission page: the response",
    applies: answer::is_valid,
    needs: Needs::JUDGED,
    judge: Judge::Each(|exchange| {
        answer::judge_object(exchange, |object| {
            answer::judge_keys(object, accepted::REQUIRED)
        })
    }),
};
