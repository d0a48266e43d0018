//! `job.unknown-id`

use super::super::{Check, Judge, Level, Observation, jobs};
use crate::contract::request::{Credential, Operation};
use crate::evidence::Evidence;
use crate::probes::scenario::NO_SUCH_JOB;

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.unknown-id",
    level: Level::Seen,
    text: "An unknown id gives a 4xx (which one is open).",
    source: "users' reports",
    applies: |request| {
        matches!(request.operation(), Operation::Job(_))
            && Credential::of(&request.headers) == Credential::Configured
    },
    judge: Judge::Together(judge),
};

fn judge(evidence: &Evidence<'_>) -> Vec<Observation> {
    (evidence.exchanges.iter())
        .filter(|(_, exchange)| {
            exchange.request.operation() == Operation::Job(NO_SUCH_JOB)
                && Credential::of(&exchange.request.headers) == Credential::Configured
        })
        .map(|(number, exchange)| Observation::of(*number, jobs::judge_locked(exchange)))
        .collect()
}
