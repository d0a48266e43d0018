//! `job.authorization`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::jobs;
use crate::checks::needs::Needs;
use crate::contract::request::Operation;
use crate::exchange::Request;

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.authorization",
    level: Level::Must,
    text: "Without a valid key the status is not readable.",
    source: "the submission page: `Authorization`",
    fix: Fix::in_both(
        "Check the key for reads of a status as for submissions, in every state of the job: an id is no secret.",
        "Send the key with polls, too.",
    ),
    applies: asks_without_key,
    // Jobs are asked for in each of their states.
    needs: Needs::JOB,
    judge: Judge::Each(jobs::judge_locked),
};

fn asks_without_key(request: &Request) -> bool {
    matches!(request.operation(), Operation::Job(_)) && request.credential().is_invalid()
}
