//! `list.authorization`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::jobs;
use crate::checks::needs::Needs;
use crate::contract::request::Operation;

pub(in crate::checks) static CHECK: Check = Check {
    id: "list.authorization",
    level: Level::Must,
    text: "Without a valid key nothing is listed.",
    source: "the submission page: `Authorization`",
    fix: Fix::in_both(
        "Check the key for the list as for submissions, with every filter and on every page.",
        "Send the key with the list, too.",
    ),
    applies: |request| request.operation() == Operation::List && request.credential().is_invalid(),
    needs: Needs::NOTHING,
    judge: Judge::Each(jobs::judge_locked),
};
