//! `job.required-keys`

use super::super::{Check, Judge, Level, Needs, Observation, jobs, response};
use crate::evidence::Evidence;
use crate::generated::contract::job;

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.required-keys",
    level: Level::Doc,
    text: "`batch_id`, `status`, `entity` and `action` are always there.",
    source: "the provider's documentation: batch status",
    applies: jobs::asks,
    needs: Needs::JOB,
    judge: Judge::Together(judge),
};

fn judge(evidence: &Evidence<'_>) -> Vec<Observation> {
    jobs::judge_states(evidence, |job, _| response::judge_keys(job, job::REQUIRED))
}
