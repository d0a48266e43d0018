//! `job.progress`

use super::super::{Check, Judge, Judgement, Level, Needs, Observation, jobs};
use crate::evidence::{Evidence, text};
use crate::generated::contract::job::status;

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.progress",
    level: Level::Doc,
    text: "The status only moves from `pending` to `processing` to `completed` or `failed`; steps may be skipped between two polls.",
    source: "the provider's documentation: batch status",
    applies: jobs::asks,
    needs: Needs::JOB,
    judge: Judge::Together(judge),
};

/// Moves from a final status are the business of `job.terminal`, unknown ones of `job.status`.
fn judge(evidence: &Evidence<'_>) -> Vec<Observation> {
    let mut observations = Vec::new();
    for timeline in &evidence.timelines {
        let mut before = status::PENDING;
        for ((number, _), job) in &timeline.states {
            let Some(status) = text(job, "status") else {
                continue;
            };
            let (Some(from), Some(to)) = (rank(before), rank(status)) else {
                continue;
            };
            observations.push(Observation::of(
                *number,
                if to >= from || jobs::is_final(before) {
                    Judgement::Satisfied
                } else {
                    Judgement::violated(
                        format!("no way back from {before:?}"),
                        format!("`status`: {status:?}"),
                    )
                },
            ));
            before = status;
        }
    }
    observations
}

fn rank(status: &str) -> Option<u8> {
    match status {
        status::PENDING => Some(0),
        status::PROCESSING => Some(1),
        status::COMPLETED | status::FAILED => Some(2),
        _ => None,
    }
}
