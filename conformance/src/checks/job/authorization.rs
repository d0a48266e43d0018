//! `job.authorization`

use super::super::{Check, Judge, Level, jobs};
use crate::contract::request::{Credential, Operation};

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.authorization",
    level: Level::Must,
    text: "Without a valid key the status is not readable.",
    source: "the submission page: `Authorization`",
    applies: |request| {
        matches!(request.operation(), Operation::Job(_))
            && Credential::of(&request.headers).is_invalid()
    },
    judge: Judge::Each(jobs::judge_locked),
};
