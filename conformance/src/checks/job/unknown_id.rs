//! `job.unknown-id`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::jobs;
use crate::checks::needs::Needs;
use crate::contract::request::{Credential, Operation};
use crate::exchange::Request;
use crate::probes::scenario::NO_SUCH_JOBS;

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.unknown-id",
    level: Level::Seen,
    text: "An unknown id gives a 4xx (which one is open).",
    source: "users' reports",
    fix: Fix::in_server(
        "Answer a 4xx where there is no such job, and also where the id has not the form of one, before it gets as far as the database.",
    ),
    applies: asks_for_none,
    needs: Needs::NOTHING,
    judge: Judge::Each(jobs::judge_locked),
};

fn asks_for_none(request: &Request) -> bool {
    matches!(request.operation(), Operation::Job(id) if NO_SUCH_JOBS.contains(&id))
        && request.credential() == Credential::Configured
}
