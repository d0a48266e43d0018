//! `job.terminal`

use super::super::{Check, Judge, Judgement, Level, Needs, Observation, jobs};
use crate::evidence::{Evidence, text};

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.terminal",
    level: Level::Doc,
    text: "`completed` and `failed` never change again.",
    source: "the provider's documentation: batch status",
    applies: jobs::asks,
    needs: Needs::JOB,
    judge: Judge::Together(judge),
};

fn judge(evidence: &Evidence<'_>) -> Vec<Observation> {
    let mut observations = Vec::new();
    for timeline in &evidence.timelines {
        let mut end = None;
        for ((number, _), job) in &timeline.states {
            let Some(status) = text(job, "status") else {
                continue;
            };
            match end {
                None if jobs::is_final(status) => end = Some(status),
                None => {}
                Some(end) => observations.push(Observation::of(
                    *number,
                    if status == end {
                        Judgement::Satisfied
                    } else {
                        Judgement::violated(
                            format!("`status`: {end:?}, as before"),
                            format!("`status`: {status:?}"),
                        )
                    },
                )),
            }
        }
    }
    observations
}
