//! Which submissions have an outcome that their client can't know, and what a client that looks for it is told.

use std::time::Duration;

use chrono::DateTime;
use http::header;
use serde_json::Value;

use crate::contract::fingerprint::fingerprint;
use crate::contract::request::{Body, Destination, Items, Operation};
use crate::evidence::{JobId, state, text};
use crate::exchange::{Exchange, FailureKind};
use crate::generated::contract::submit::identifiers;
use crate::generated::contract::{job, usage};

/// How far two clocks may be apart, in seconds.
const SLACK: f64 = 5.0;

/// Whether nobody can tell from the response if a job was made: none came, the server failed, or a 2xx can't be read.
pub(super) fn is_unknown(exchange: &Exchange) -> bool {
    match &exchange.outcome {
        // What is larger than a suite reads is not lost on the client, nor what a recording lacks.
        Err(failure) => matches!(failure.kind, FailureKind::Timeout | FailureKind::Broken),
        Ok(response) if response.status.is_server_error() => true,
        Ok(response) => response.status.is_success() && job_id(exchange).is_none(),
    }
}

/// The id of the job that a submission was answered with.
pub(super) fn job_id(exchange: &Exchange) -> Option<JobId> {
    let accepted = exchange.accepted_object()?;
    Some(JobId::of(text(accepted, job::ID_KEY)?))
}

/// What stands for each identifier of a submission.
pub(super) fn identifiers(exchange: &Exchange) -> Vec<u64> {
    let Body::Object(body) = exchange.request.read() else {
        return Vec::new();
    };
    let items = body.get(identifiers::KEY).and_then(Items::of);
    let items = items.map(|items| items.items).unwrap_or_default();
    items.iter().map(|item| fingerprint(item.trim())).collect()
}

/// What a look for a lost job found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// A job like it.
    Found,
    /// Nothing like it.
    Nothing,
}

/// What this exchange, a look at the list or the usage events, tells of a submission of `sent` identifiers that was
/// sent at `since`. `is_known` says which jobs are others. `None` for any other exchange, and one that told nothing.
pub(super) fn look(
    exchange: &Exchange,
    sent: &[u64],
    since: Duration,
    is_known: &dyn Fn(&str) -> bool,
) -> Option<Look> {
    let page = state(exchange)?;
    let found = match exchange.request.operation() {
        Operation::List => {
            let jobs = page.get("jobs")?.as_array()?;
            let now = clock(exchange);
            jobs.iter().any(|listed| {
                let count = listed.get("identifier_count").and_then(Value::as_u64);
                let id = listed.get(job::ID_KEY).and_then(Value::as_str);
                let ago = exchange.sent_after.saturating_sub(since).as_secs_f64();
                let is_recent = now
                    .zip(created(listed))
                    .is_some_and(|(now, created)| now - created <= ago + SLACK);
                count.is_none_or(|count| count == sent.len() as u64)
                    && id.is_some_and(|id| !is_known(id))
                    && is_recent
            })
        }
        _ if is_usage(&exchange.request.destination) => {
            let text = Value::Object(page.clone());
            let mut strings = Vec::new();
            collect(&text, &mut strings);
            !sent.is_empty() && sent.iter().all(|one| strings.contains(one))
        }
        _ => return None,
    };
    Some(if found { Look::Found } else { Look::Nothing })
}

fn is_usage(destination: &Destination) -> bool {
    matches!(destination, Destination::Api { path_and_query }
        if path_and_query.starts_with(usage::PATH))
}

/// What stands for each string in a value, and for each part of one that commas divide.
fn collect(value: &Value, strings: &mut Vec<u64>) {
    match value {
        Value::String(text) => {
            strings.extend(text.split(',').map(|part| fingerprint(part.trim())));
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, strings)),
        Value::Object(object) => object.values().for_each(|value| collect(value, strings)),
        _ => {}
    }
}

/// The time of the server, in seconds.
fn clock(exchange: &Exchange) -> Option<f64> {
    let headers = &exchange.outcome.as_ref().ok()?.headers;
    let date = headers.get(header::DATE)?.to_str().ok()?;
    Some(DateTime::parse_from_rfc2822(date).ok()?.timestamp() as f64)
}

fn created(job: &Value) -> Option<f64> {
    let date = DateTime::parse_from_rfc3339(job.get("created_at")?.as_str()?).ok()?;
    Some(date.timestamp_millis() as f64 / 1000.0)
}
