//! The histories of jobs, as they are reported.

use super::{JobHistory, Stage};
use crate::evidence::Evidence;

/// The accepted jobs and how they went on.
pub(super) fn histories(evidence: &Evidence) -> Vec<JobHistory> {
    let jobs = evidence.jobs().iter().map(|job| JobHistory {
        batch_id: job.id.to_string(),
        exchange: job.exchange,
        stages: (job.stages.iter())
            .map(|stage| Stage {
                status: stage.status.to_string(),
                from: seconds(stage.from),
                to: seconds(stage.to),
                polls: stage.polls as usize,
            })
            .collect(),
    });
    jobs.collect()
}

fn seconds(microseconds: u64) -> f64 {
    std::time::Duration::from_micros(microseconds).as_secs_f64()
}
