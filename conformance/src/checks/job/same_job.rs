//! `job.same-job`

use super::super::{Check, Judge, Judgement, Level, Needs, Observation, jobs, response};
use serde_json::Value;

use crate::contract::expectation::Count;
use crate::evidence::Evidence;
use crate::generated::contract::submit::accepted;

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.same-job",
    level: Level::Doc,
    text: "Id, entity, action and, where given, the two counts are those of the submit response.",
    source: "the provider's documentation: batch status",
    applies: jobs::asks,
    needs: Needs::JOB,
    judge: Judge::Together(judge),
};

/// A value of the submit response that is wrong itself is the business of that response's clauses.
fn judge(evidence: &Evidence<'_>) -> Vec<Observation> {
    jobs::judge_states(evidence, |job, timeline| {
        let sent = timeline.submission.1.request.expectation().valid();
        let sent = sent.map(|valid| valid.identifiers);
        let differs = |key: &&str| match (job.get(*key), timeline.accepted.get(*key)) {
            (Some(Value::String(now)), Some(Value::String(then))) => {
                let right = match *key {
                    "entity" => then == accepted::ENTITY,
                    "action" => then == accepted::ACTION,
                    _ => true,
                };
                right && !now.eq_ignore_ascii_case(then)
            }
            (Some(now), Some(then)) => match (response::integer(now), response::integer(then)) {
                (Some(now), Some(then)) => {
                    let right = matches!(sent, Some(Count::Exactly(sent)) if then == sent as i128);
                    right && now != then
                }
                _ => false,
            },
            _ => false,
        };
        match KEYS.iter().copied().find(|key| differs(key)) {
            None => Judgement::Satisfied,
            Some(key) => Judgement::violated(
                format!("`{key}`: {}, as submitted", timeline.accepted[key]),
                format!("`{key}`: {}", job[key]),
            ),
        }
    })
}

const KEYS: [&str; 5] = [
    "batch_id",
    "entity",
    "action",
    "identifier_count",
    "entities_requested",
];
