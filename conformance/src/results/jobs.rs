//! The histories of jobs, as the exchanges tell them.

use serde_json::Value;

use super::{JobHistory, Stage};
use crate::contract::request::Operation;
use crate::evidence::Evidence;
use crate::exchange::Exchange;
use crate::generated::contract::job;

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
                let Some(id) = object.and_then(|object| object.get(job::ID_KEY)?.as_str()) else {
                    continue;
                };
                let place = *places.entry(id.to_owned()).or_insert(jobs.len());
                if place == jobs.len() {
                    jobs.push(JobHistory {
                        batch_id: id.to_owned(),
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
            look(job, exchange);
        }
    }
    jobs
}

fn look(job: &mut JobHistory, exchange: &Exchange) {
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
        (Some(status), _) => status.chars().take(MOST_STATUS).collect(),
        (None, Some(status)) => status.as_str().to_owned(),
        (None, None) => "no response".to_owned(),
    }
}
