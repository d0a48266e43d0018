//! `job.authorization`

use super::super::{Check, Judge, Level, Needs, Observation, Submissions, jobs};
use crate::contract::request::{Credential, Operation};
use crate::evidence::Evidence;
use crate::exchange::Request;

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.authorization",
    level: Level::Must,
    text: "Without a valid key the status is not readable.",
    source: "the submission page: `Authorization`",
    applies: asks_without_key,
    needs: Needs {
        // So many that the first job is over when it is asked for.
        submissions: Submissions::Every,
        ..Needs::NOTHING
    },
    judge: Judge::Together(judge),
};

fn judge(evidence: &Evidence<'_>) -> Vec<Observation> {
    (evidence.exchanges.iter())
        .filter(|(_, exchange)| asks_without_key(&exchange.request))
        .map(|(number, exchange)| Observation::of(*number, jobs::judge_locked(exchange)))
        .collect()
}

fn asks_without_key(request: &Request) -> bool {
    matches!(request.operation(), Operation::Job(_))
        && Credential::of(&request.headers).is_invalid()
}
