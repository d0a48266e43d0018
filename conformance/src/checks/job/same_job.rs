//! `job.same-job`

use super::super::{Check, Judge, Judgement, Level, Observation, jobs};
use serde_json::Value;

use crate::exchange::Exchange;

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.same-job",
    level: Level::Doc,
    text: "Id, entity, action and, where given, the two counts are those of the submit answer.",
    source: "the provider's documentation: batch status",
    applies: jobs::makes_or_asks,
    judge: Judge::Together(judge),
};

fn judge(exchanges: &[Exchange]) -> Vec<Observation> {
    jobs::judge_states(exchanges, |job, trace| {
        let differs = |key: &&str| match (job.get(*key), trace.accepted.get(*key)) {
            // A value that is not there, or of the wrong type, is the business of other clauses.
            (Some(Value::String(now)), Some(Value::String(then))) => {
                !now.eq_ignore_ascii_case(then)
            }
            (Some(Value::Number(now)), Some(Value::Number(then))) => now != then,
            _ => false,
        };
        let keys = [
            "batch_id",
            "entity",
            "action",
            "identifier_count",
            "entities_requested",
        ];
        match keys.iter().copied().find(|key| differs(key)) {
            None => Judgement::Kept,
            Some(key) => Judgement::broken(
                format!("`{key}`: {}, as submitted", trace.accepted[key]),
                format!("`{key}`: {}", job[key]),
            ),
        }
    })
}
