//! `job.version-optional`

use super::super::{Check, Judge, Judgement, Level, Needs, Observation, jobs, response};
use crate::contract::request::{Credential, Operation, Version};
use crate::evidence::{Evidence, state};

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.version-optional",
    level: Level::Doc,
    text: "`{header::API_VERSION}` is not required here.",
    source: "the provider's documentation: batch status",
    applies: |request| {
        matches!(request.operation(), Operation::Job(_))
            && Credential::of(&request.headers) == Credential::Configured
    },
    needs: Needs::JOB,
    judge: Judge::Together(judge),
};

/// Only jobs that are found with the header can be missed without it.
fn judge(evidence: &Evidence<'_>) -> Vec<Observation> {
    let mut observations = Vec::new();
    for timeline in &evidence.timelines {
        let found = (timeline.states.iter()).any(|((_, poll), _)| jobs::asks(&poll.request));
        for (number, exchange) in &timeline.polls {
            if Version::of(&exchange.request.headers) != Version::Absent {
                continue;
            }
            let judgement = if state(exchange).is_some() {
                Judgement::Satisfied
            } else if let Some(why) = response::inconclusive(exchange) {
                Judgement::NotApplicable(why)
            } else if found {
                Judgement::violated(
                    "200 without the header, as with it",
                    response::got(exchange),
                )
            } else {
                Judgement::not_applicable("the job was not found with the header either")
            };
            observations.push(Observation::of(*number, judgement));
        }
    }
    observations
}
