//! The jobs of a run: which exchanges belong to the same one. A job is known by the id that its submission
//! was answered with.

use std::collections::{HashMap, HashSet};

use http::StatusCode;
use serde_json::{Map, Value};

use super::answer::{inconclusive, is_uuid};
use super::{Judgement, Observation};
use crate::contract::request::{Credential, Operation, Version};
use crate::exchange::{Exchange, Request};
use crate::generated::contract::ACTIVE_JOBS_MAX;

/// A job, and where it shows in the exchanges.
#[derive(Debug)]
pub(super) struct Trace<'a> {
    /// The answer to its submission.
    pub(super) accepted: &'a Map<String, Value>,
    /// Index of the submission.
    pub(super) submitted: usize,
    /// Indices of the requests for its status that carried the key, in order.
    pub(super) looks: Vec<usize>,
}

impl<'a> Trace<'a> {
    /// The job's states, each with the index of the exchange that shows it.
    pub(super) fn states(
        &self,
        exchanges: &'a [Exchange],
    ) -> impl Iterator<Item = (usize, &'a Map<String, Value>)> {
        self.looks
            .iter()
            .filter_map(|index| Some((*index, state(exchanges.get(*index)?)?)))
    }
}

/// The ids of accepted submissions that name one job each, in lower case. Ids that are not a UUID, or were
/// given twice, are the business of `submit.batch-id`: what is said under them can't be told apart.
pub(super) fn sound_ids(exchanges: &[Exchange]) -> SoundIds {
    let mut times: HashMap<String, usize> = HashMap::new();
    let mut all = true;
    for exchange in exchanges {
        if exchange.request.operation() != Operation::Submit || !exchange.accepted() {
            continue;
        }
        match exchange
            .accepted_object()
            .and_then(|job| text(job, "batch_id"))
        {
            Some(id) if is_uuid(id) => *times.entry(id.to_ascii_lowercase()).or_default() += 1,
            _ => all = false,
        }
    }
    let given = times.len();
    let ids: HashSet<String> = times
        .into_iter()
        .filter_map(|(id, times)| (times == 1).then_some(id))
        .collect();
    SoundIds {
        all: all && ids.len() == given,
        ids,
    }
}

/// See [`sound_ids`].
#[derive(Debug)]
pub(super) struct SoundIds {
    ids: HashSet<String>,
    /// Whether every accepted submission has such an id, so that a list can be held against them.
    pub(super) all: bool,
}

/// The jobs of valid submissions that have an id of their own, in the order in which they were submitted.
pub(super) fn traces(exchanges: &[Exchange]) -> Vec<Trace<'_>> {
    let sound = sound_ids(exchanges);
    let mut traces: Vec<Trace<'_>> = Vec::new();
    let mut by_id: HashMap<String, usize> = HashMap::new();
    for (index, exchange) in exchanges.iter().enumerate() {
        match exchange.request.operation() {
            Operation::Submit if exchange.request.expectation().valid().is_some() => {
                let Some(accepted) = exchange.accepted_object() else {
                    continue;
                };
                let id = text(accepted, "batch_id").map(str::to_ascii_lowercase);
                if let Some(id) = id.filter(|id| sound.ids.contains(id)) {
                    by_id.insert(id, traces.len());
                    traces.push(Trace {
                        accepted,
                        submitted: index,
                        looks: Vec::new(),
                    });
                }
            }
            Operation::Job(id)
                if Credential::of(&exchange.request.headers) == Credential::Configured =>
            {
                if let Some(trace) = by_id
                    .get(&id.to_ascii_lowercase())
                    .and_then(|n| traces.get_mut(*n))
                {
                    trace.looks.push(index);
                }
            }
            _ => {}
        }
    }
    traces
}

/// What a request for a job's status was answered with, where it is a job.
pub(super) fn state(exchange: &Exchange) -> Option<&Map<String, Value>> {
    let response = exchange.outcome.as_ref().ok()?;
    if response.status != StatusCode::OK {
        return None;
    }
    response.json()?.as_object()
}

/// The string under `key`.
pub(super) fn text<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    object.get(key)?.as_str()
}

/// Whether a status is one that a job never leaves.
pub(super) fn is_final(status: &str) -> bool {
    matches!(status, "completed" | "failed")
}

/// Whether answers to `request` can show how a job fares: it makes one, or asks for one.
pub(super) fn makes_or_asks(request: &Request) -> bool {
    request.expectation().valid().is_some() || asks(request)
}

/// Whether `request` asks for a job's status as the documentation shows it, with the key and the version.
pub(super) fn asks(request: &Request) -> bool {
    matches!(request.operation(), Operation::Job(_))
        && Credential::of(&request.headers) == Credential::Configured
        && Version::of(&request.headers) == Version::Current
}

/// Judges every state of every job.
pub(super) fn judge_states(
    exchanges: &[Exchange],
    judge: impl Fn(&Map<String, Value>, &Trace<'_>) -> Judgement,
) -> Vec<Observation> {
    let mut observations = Vec::new();
    for trace in &traces(exchanges) {
        for (index, job) in trace.states(exchanges) {
            observations.push(Observation {
                exchange: Some(index),
                judgement: judge(job, trace),
            });
        }
    }
    observations
}

/// Judges a request that must not be answered for want of a key.
pub(super) fn judge_locked(exchange: &Exchange) -> Judgement {
    if exchange.accepted() {
        return Judgement::broken("a 4xx", super::answer::got(exchange));
    }
    match exchange.status() {
        Some(status) if status.is_client_error() && !exchange.put_off() => Judgement::Kept,
        _ => match inconclusive(exchange) {
            Some(why) => Judgement::Silent(why),
            None => Judgement::broken("a 4xx", super::answer::got(exchange)),
        },
    }
}

/// The valid submissions that were sent while as many jobs as an account may have were surely pending or
/// processing: accepted before, and seen not to be over after.
pub(super) fn beyond_the_limit(exchanges: &[Exchange], traces: &[Trace<'_>]) -> Vec<usize> {
    // For each job, the last exchange that shows it active, before any that shows it over.
    let spans: Vec<(usize, usize)> = traces
        .iter()
        .filter_map(|trace| {
            let active = |job| matches!(text(job, "status"), Some("pending" | "processing"));
            let looks = trace.states(exchanges).take_while(|(_, job)| active(job));
            Some((trace.submitted, looks.last()?.0))
        })
        .collect();
    exchanges
        .iter()
        .enumerate()
        .filter(|(_, exchange)| exchange.request.expectation().valid().is_some())
        .map(|(index, _)| index)
        .filter(|index| {
            let active = spans.iter().filter(|(from, to)| from < index && index < to);
            active.count() >= ACTIVE_JOBS_MAX
        })
        .collect()
}
