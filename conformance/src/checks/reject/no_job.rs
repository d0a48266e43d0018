//! `reject.no-job`

use std::collections::HashSet;

use serde_json::Value;

use super::super::{Check, Judge, Judgement, Level, Needs, Observation};
use crate::contract::expectation::Expectation;
use crate::contract::request::Operation;
use crate::evidence::Evidence;
use crate::exchange::Exchange;

pub(in crate::checks) static CHECK: Check = Check {
    id: "reject.no-job",
    level: Level::Seen,
    text: "A rejected request leaves no job behind.",
    source: "follows from the others",
    applies: |request| {
        matches!(request.expectation(), Expectation::Refuse(_))
            || request.operation() == Operation::List
    },
    needs: Needs::JUDGED,
    judge: Judge::Together(judge),
};

/// Holds each list of jobs against the one before: what is new in it was accepted in between, or was left
/// behind by a rejected request. Another user of the account can be the cause too, hence the level.
fn judge(evidence: &Evidence<'_>) -> Vec<Observation> {
    let mut observations = Vec::new();
    let mut before: Option<HashSet<&str>> = None;
    let mut accepted: HashSet<&str> = HashSet::new();
    let (mut rejected, mut unclear) = (0, false);
    let ids_are_sound = evidence.ids_are_sound;
    for (number, exchange) in &evidence.exchanges {
        match exchange.request.operation() {
            Operation::Submit if exchange.accepted() => match batch_id(exchange) {
                Some(id) => {
                    accepted.insert(id);
                }
                None => unclear = true,
            },
            Operation::Submit => match exchange.status() {
                Some(status) if status.is_client_error() => rejected += 1,
                _ => unclear = true,
            },
            Operation::List => {
                let Some(listed) = listed(exchange) else {
                    continue;
                };
                if let Some(before) = before.replace(listed.clone()).filter(|_| rejected > 0) {
                    let judgement = if unclear || !ids_are_sound {
                        Judgement::not_applicable("the outcome of a submission is not known")
                    } else {
                        judge_new(&listed, &before, &accepted)
                    };
                    observations.push(Observation::of(*number, judgement));
                }
                (rejected, unclear) = (0, false);
            }
            _ => {}
        }
    }
    observations
}

fn judge_new(
    listed: &HashSet<&str>,
    before: &HashSet<&str>,
    accepted: &HashSet<&str>,
) -> Judgement {
    let mut new: Vec<&str> = listed
        .iter()
        .copied()
        .filter(|id| !before.contains(id) && !accepted.contains(id))
        .collect();
    new.sort_unstable();
    match new.first() {
        None => Judgement::Satisfied,
        Some(first) => Judgement::violated(
            "no job that was not accepted",
            format!("{} new in the list, the first of them {first}", new.len()),
        ),
    }
}

fn batch_id(exchange: &Exchange) -> Option<&str> {
    exchange.accepted_object()?.get("batch_id")?.as_str()
}

fn listed(exchange: &Exchange) -> Option<HashSet<&str>> {
    let jobs = exchange.accepted_object()?.get("jobs")?.as_array()?;
    jobs.iter()
        .map(|job| job.get("batch_id").and_then(Value::as_str))
        .collect()
}
