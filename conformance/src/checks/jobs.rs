//! Judging jobs: which requests tell of them, and each of their states.

use serde_json::{Map, Value};

use super::response::inconclusive;
use super::{Judgement, Observation};
use crate::contract::request::{Credential, Operation, Version};
use crate::evidence::{Evidence, Timeline};
use crate::exchange::{Exchange, Request};
use crate::generated::contract::job::status;

/// Whether a status is one that a job never leaves.
pub(super) fn is_final(status: &str) -> bool {
    matches!(status, status::COMPLETED | status::FAILED)
}

/// Whether `request` asks for a job's status as the documentation shows it, with the key and the version.
pub(super) fn asks(request: &Request) -> bool {
    matches!(request.operation(), Operation::Job(_))
        && Credential::of(&request.headers) == Credential::Configured
        && Version::of(&request.headers) == Version::Current
}

/// Judges every state of every job.
pub(super) fn judge_states(
    evidence: &Evidence<'_>,
    judge: impl Fn(&Map<String, Value>, &Timeline<'_>) -> Judgement,
) -> Vec<Observation> {
    let mut observations = Vec::new();
    for timeline in &evidence.timelines {
        for ((number, _), job) in &timeline.states {
            observations.push(Observation::of(*number, judge(job, timeline)));
        }
    }
    observations
}

/// Judges a request without a valid key, which must be refused.
pub(super) fn judge_locked(exchange: &Exchange) -> Judgement {
    if exchange.accepted() {
        return Judgement::violated("a 4xx", super::response::got(exchange));
    }
    match exchange.status() {
        Some(status) if status.is_client_error() && !exchange.throttled() => Judgement::Satisfied,
        _ => match inconclusive(exchange) {
            Some(why) => Judgement::NotApplicable(why),
            None => Judgement::violated("a 4xx", super::response::got(exchange)),
        },
    }
}
