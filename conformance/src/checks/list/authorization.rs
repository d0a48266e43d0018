//! `list.authorization`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::jobs;
use crate::checks::needs::Needs;
use crate::contract::request::{Credential, Operation};

pub(in crate::checks) static CHECK: Check = Check {
    id: "list.authorization",
    level: Level::Must,
    text: "Without a valid key nothing is listed.",
    source: "the submission page: `Authorization`",
    applies: |request| {
        request.operation() == Operation::List && Credential::of(&request.headers).is_invalid()
    },
    needs: Needs::NOTHING,
    judge: Judge::Each(jobs::judge_locked),
};
