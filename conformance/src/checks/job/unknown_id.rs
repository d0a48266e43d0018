//! `job.unknown-id`

use super::super::{Check, Judge, Level, Needs, Observation, jobs};
use crate::contract::request::{Credential, Operation};
use crate::evidence::Evidence;
use crate::exchange::Request;
use crate::probes::scenario::NO_SUCH_JOB;

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.unknown-id",
    level: Level::Seen,
    text: "An unknown id gives a 4xx (which one is open).",
    source: "users' reports",
    applies: asks_for_none,
    needs: Needs::NOTHING,
    judge: Judge::Together(judge),
};

fn judge(evidence: &Evidence<'_>) -> Vec<Observation> {
    (evidence.exchanges.iter())
        .filter(|(_, exchange)| asks_for_none(&exchange.request))
        .map(|(number, exchange)| Observation::of(*number, jobs::judge_locked(exchange)))
        .collect()
}

fn asks_for_none(request: &Request) -> bool {
    request.operation() == Operation::Job(NO_SUCH_JOB)
        && Credential::of(&request.headers) == Credential::Configured
}
