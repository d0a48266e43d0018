//! `submit.required-keys`

use super::super::{Check, Judge, Level, Needs, response};
use crate::generated::contract::submit::accepted;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.required-keys",
    level: Level::Must,
    text: "All required keys are there, with their types. Unknown extra keys are fine.",
    source: "the submission page: the response",
    applies: response::is_valid,
    needs: Needs::JUDGED,
    judge: Judge::Each(|exchange| {
        response::judge_object(exchange, |object| {
            response::judge_keys(object, accepted::REQUIRED)
        })
    }),
};
