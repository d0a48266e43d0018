//! The jobs and what was seen of them: which exchanges belong to the same one. A job is known by the id that
//! its submission was answered with.

use std::collections::{HashMap, HashSet};

use http::StatusCode;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::Numbered;
use crate::contract::request::{Credential, Operation};
use crate::exchange::Exchange;
use crate::generated::contract::job;

/// A job, and where it shows in the exchanges.
#[derive(Debug)]
pub struct Timeline<'a> {
    /// The response to its submission.
    pub accepted: &'a Map<String, Value>,
    /// Its submission.
    pub submission: Numbered<'a>,
    /// The requests for its status that carried the key, in the order of sending.
    pub polls: Vec<Numbered<'a>>,
    /// The polls that show a state, each with the state.
    pub states: Vec<(Numbered<'a>, &'a Map<String, Value>)>,
}

/// The ids of accepted submissions that name one job each, in lower case. Ids that are not a UUID, or were
/// given twice, are the business of `submit.batch-id`: what is said under them can't be told apart.
pub(super) struct SoundIds {
    ids: HashSet<String>,
    /// Whether every accepted submission has such an id.
    pub(super) all: bool,
}

pub(super) fn sound_ids(exchanges: &[Numbered<'_>]) -> SoundIds {
    let mut times: HashMap<String, usize> = HashMap::new();
    let mut all = true;
    for (_, exchange) in exchanges {
        if exchange.request.operation() != Operation::Submit || !exchange.accepted() {
            continue;
        }
        let object = exchange.accepted_object();
        match object.and_then(|job| text(job, job::ID_KEY)) {
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

pub(super) fn timelines<'a>(exchanges: &[Numbered<'a>], sound: &SoundIds) -> Vec<Timeline<'a>> {
    #[cfg(test)]
    super::tests::BUILT.with(|built| built.set(built.get() + 1));
    let mut timelines: Vec<Timeline<'a>> = Vec::new();
    let mut by_id: HashMap<String, usize> = HashMap::new();
    for &(number, exchange) in exchanges {
        match exchange.request.operation() {
            Operation::Submit if exchange.request.expectation().valid().is_some() => {
                let Some(accepted) = exchange.accepted_object() else {
                    continue;
                };
                let id = text(accepted, job::ID_KEY).map(str::to_ascii_lowercase);
                if let Some(id) = id.filter(|id| sound.ids.contains(id)) {
                    by_id.insert(id, timelines.len());
                    timelines.push(Timeline {
                        accepted,
                        submission: (number, exchange),
                        polls: Vec::new(),
                        states: Vec::new(),
                    });
                }
            }
            Operation::Job(id)
                if Credential::of(&exchange.request.headers) == Credential::Configured =>
            {
                let place = by_id.get(&id.to_ascii_lowercase());
                if let Some(timeline) = place.and_then(|n| timelines.get_mut(*n)) {
                    let poll = (number, exchange);
                    timeline.polls.push(poll);
                    timeline
                        .states
                        .extend(state(exchange).map(|job| (poll, job)));
                }
            }
            _ => {}
        }
    }
    timelines
}

/// The JSON object that a request was answered with, where the status is 200.
pub fn state(exchange: &Exchange) -> Option<&Map<String, Value>> {
    let response = exchange.outcome.as_ref().ok()?;
    if response.status != StatusCode::OK {
        return None;
    }
    response.json()?.as_object()
}

/// The string under `key`.
pub fn text<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    object.get(key)?.as_str()
}

/// Whether `text` is a UUID in the hyphenated form, which is what `format: uuid` means.
pub fn is_uuid(text: &str) -> bool {
    text.len() == 36 && Uuid::try_parse(text).is_ok()
}
