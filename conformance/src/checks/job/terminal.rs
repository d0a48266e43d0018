//! `job.terminal`

use super::super::{Check, Judge, Judgement, Level, Observation, jobs};
use crate::exchange::Exchange;

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.terminal",
    level: Level::Doc,
    text: "`completed` and `failed` never change again.",
    source: "the provider's documentation: batch status",
    applies: jobs::makes_or_asks,
    judge: Judge::Together(judge),
};

fn judge(exchanges: &[Exchange]) -> Vec<Observation> {
    let mut observations = Vec::new();
    for trace in jobs::traces(exchanges) {
        let mut end = None;
        for (index, job) in trace.states(exchanges) {
            let Some(status) = jobs::text(job, "status") else {
                continue;
            };
            match end {
                None if jobs::is_final(status) => end = Some(status),
                None => {}
                Some(end) => observations.push(Observation {
                    exchange: Some(index),
                    judgement: if status == end {
                        Judgement::Kept
                    } else {
                        Judgement::broken(
                            format!("`status`: {end:?}, as before"),
                            format!("`status`: {status:?}"),
                        )
                    },
                }),
            }
        }
    }
    observations
}
