//! The histories of jobs, as they are reported.

use serde::Serialize;

use super::figures::milliseconds;
use crate::evidence::Evidence;
use crate::readable::{self, MOST_TEXT};

/// An accepted job, and what was seen of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct JobHistory {
    /// Id of the job, as the server gave it.
    pub batch_id: String,
    /// Number of the exchange in which it was accepted, as `n` in the recording.
    pub exchange: usize,
    /// The statuses it was seen in, in the order of time; the first is that of the acceptance.
    pub stages: Vec<Stage>,
}

/// A stretch of time over which every poll of a job found the same status.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Stage {
    /// The status, as the server wrote it; without one, the HTTP status or what went wrong.
    pub status: String,
    /// First poll, in seconds from the start of the run.
    #[serde(rename = "from_seconds", serialize_with = "milliseconds")]
    pub from: f64,
    /// Last poll, in seconds from the start of the run.
    #[serde(rename = "to_seconds", serialize_with = "milliseconds")]
    pub to: f64,
    /// How many polls there were.
    pub polls: usize,
}

/// The accepted jobs and how they went on.
pub(super) fn histories(evidence: &Evidence) -> Vec<JobHistory> {
    let jobs = evidence.jobs().map(|job| JobHistory {
        batch_id: readable::line(&job.id, MOST_TEXT),
        exchange: job.exchange,
        stages: (job.stages.iter())
            .map(|stage| Stage {
                status: readable::line(&stage.status, MOST_TEXT),
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
