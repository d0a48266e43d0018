//! `job.status`

use super::super::{Check, Judge, Judgement, Level, Needs, Observation, jobs};
use crate::evidence::{Evidence, text};
use crate::generated::contract::job::status;

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.status",
    level: Level::Doc,
    text: "`status` is `{job::status::VALUES}`.",
    source: "the provider's documentation: batch status",
    applies: jobs::asks,
    needs: Needs::JOB,
    judge: Judge::Together(judge),
};

fn judge(evidence: &Evidence<'_>) -> Vec<Observation> {
    jobs::judge_states(evidence, |job, _| match text(job, "status") {
        None => Judgement::not_applicable("no response had a string under `status`"),
        Some(status) if status::VALUES.contains(&status) => Judgement::Satisfied,
        Some(status) => Judgement::violated(
            format!("`status`: one of {}", status::VALUES.join(", ")),
            format!("`status`: {status:?}"),
        ),
    })
}
