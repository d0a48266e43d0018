//! The histories of jobs, as the exchanges tell them.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::milliseconds;
use crate::contract::request::Operation;
use crate::evidence::Evidence;
use crate::exchange::Exchange;
use crate::generated::contract::BATCH_ID_KEY;
use crate::readable::{self, MOST_TEXT};

/// An accepted job, and what was seen of it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct JobHistory {
    /// Id of the job, as the server gave it.
    pub batch_id: String,
    /// Number of the exchange in which it was accepted, as `n` in the recording.
    pub exchange: usize,
    /// The statuses it was seen in, in the order of time; the first is that of the acceptance.
    pub stages: Vec<Stage>,
}

/// A stretch of time over which every poll of a job found the same status.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
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

/// The most characters of a status that are kept: what a server sends as one may be anything.
const MOST_STATUS: usize = 40;

/// The accepted jobs and how they went on.
pub(super) fn histories(evidence: &Evidence<'_>) -> Vec<JobHistory> {
    let mut jobs: Vec<JobHistory> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for &(n, exchange) in &evidence.exchanges {
        let job = match exchange.request.operation() {
            Operation::Submit => {
                let object = exchange.accepted_object();
                let Some(id) = object.and_then(|object| object.get(BATCH_ID_KEY)?.as_str()) else {
                    continue;
                };
                let place = *places.entry(id.to_owned()).or_insert(jobs.len());
                if place == jobs.len() {
                    jobs.push(JobHistory {
                        batch_id: readable::line(id, MOST_TEXT),
                        exchange: n,
                        stages: Vec::new(),
                    });
                }
                jobs.get_mut(place)
            }
            Operation::Job(id) => places.get(id).and_then(|place| jobs.get_mut(*place)),
            _ => None,
        };
        if let Some(job) = job {
            add(job, exchange);
        }
    }
    jobs
}

/// Adds what a poll, or the acceptance, says of the job.
fn add(job: &mut JobHistory, exchange: &Exchange) {
    let at = (exchange.sent_after + exchange.took).as_secs_f64();
    let status = status(exchange);
    match job.stages.last_mut() {
        Some(stage) if stage.status == status => {
            stage.to = at;
            stage.polls += 1;
        }
        _ => job.stages.push(Stage {
            status,
            from: at,
            to: at,
            polls: 1,
        }),
    }
}

fn status(exchange: &Exchange) -> String {
    let named = exchange
        .accepted_object()
        .and_then(|job| job.get("status"))
        .and_then(Value::as_str);
    match (named, exchange.status()) {
        (Some(status), _) => readable::line(status, MOST_STATUS),
        (None, Some(status)) => status.as_str().to_owned(),
        (None, None) => "no response".to_owned(),
    }
}
