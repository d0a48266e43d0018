//! `GET` of one job.

use std::time::Duration;

use axum::http::StatusCode;
use url::Url;
use uuid::Uuid;

use super::access;
use super::report;
use crate::exchange::Call;
use crate::generated::contract;
use crate::instance::Instance;
use crate::jobs::{Phase, Poll};
use crate::key::Target;
use crate::response::Response;

/// Responds to one poll of a job.
pub(super) fn respond(instance: &Instance, call: &Call) -> Response {
    let text = call.request.path.rsplit('/').next().unwrap_or_default();
    let id = Uuid::try_parse(text);
    let mut state = instance.state();
    let now = instance.now(&state);
    let job = id.as_ref().ok().and_then(|id| state.jobs.get(*id));
    let phase = job.map(|job| job.phase(now));
    let target = if phase.is_some_and(Phase::is_final) {
        Target::FinalJob
    } else {
        Target::Job
    };
    if let Some(refusal) = access::refusal(instance, call, target, phase) {
        return refusal;
    }
    let headers = &call.request.headers;
    let has_version = headers.contains_key(contract::header::API_VERSION);
    let poll = id.as_ref().ok();
    let poll = poll.and_then(|id| state.jobs.poll(*id, has_version, now));
    drop(state);
    let mut response = match (id, poll) {
        (_, Some(poll)) => return found(instance, &instance.store_for(headers), poll, now),
        (Ok(id), None) => Response::not_found(format!("There is no job {id}.")),
        (Err(_), None) => Response::bad_request(format!("\"{text}\" is not the id of a job.")),
    };
    let unknown = &instance.hooks.unknown;
    unknown.apply(&mut response, &text.to_owned());
    response
}

fn found(instance: &Instance, store: &Url, mut poll: Poll, now: Duration) -> Response {
    let mut phase = poll.phase;
    instance.hooks.phase.apply(&mut phase, &poll);
    poll.phase = phase;
    let report = report::show(instance, &poll.job, phase, now, Some(store));
    let mut response = Response::json(StatusCode::OK, report);
    instance.hooks.polled.apply(&mut response, &poll);
    response
}
