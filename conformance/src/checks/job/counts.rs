//! `job.counts`

use super::super::{Check, Judge, Judgement, Level, Needs, Observation, jobs, response};
use crate::evidence::Evidence;

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.counts",
    level: Level::Doc,
    text: "`entities_fulfilled` is at most `entities_requested`.",
    source: "the provider's documentation: batch status",
    applies: jobs::asks,
    needs: Needs::JOB,
    judge: Judge::Together(judge),
};

fn judge(evidence: &Evidence<'_>) -> Vec<Observation> {
    jobs::judge_states(evidence, |job, _| {
        let count = |key: &str| job.get(key).and_then(response::integer);
        match (count("entities_fulfilled"), count("entities_requested")) {
            (Some(fulfilled), Some(requested)) if fulfilled > requested => Judgement::violated(
                format!("`entities_fulfilled`: at most {requested}"),
                format!("`entities_fulfilled`: {fulfilled}"),
            ),
            (Some(_), Some(_)) => Judgement::Satisfied,
            _ => Judgement::not_applicable("no job said how many entities were fulfilled"),
        }
    })
}
