//! `GET` of the list of jobs, page by page.

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::access;
use super::report;
use crate::exchange::Call;
use crate::instance::Instance;
use crate::jobs::Job;
use crate::key::Target;
use crate::query::Query;
use crate::response::Response;

/// Responds to one request for a page.
pub(super) fn respond(instance: &Instance, call: &Call) -> Response {
    if let Some(refusal) = access::refusal(instance, call, Target::List, None) {
        return refusal;
    }
    let now = instance.now(&instance.state());
    let mut query = Query::read(call.request.query.as_deref().unwrap_or_default(), now);
    instance.hooks.query.apply(&mut query, &());
    let mut response = match page(instance, &query) {
        Ok(page) => Response::json(StatusCode::OK, page),
        Err(message) => Response::bad_request(message),
    };
    instance.hooks.page.apply(&mut response, &query);
    response
}

/// The page asked for. The error is a message for the caller.
fn page(instance: &Instance, query: &Query) -> Result<Value, &'static str> {
    if let Some(objection) = query.objection {
        return Err(objection);
    }
    let mut page = jobs_from_cursor(instance, query)?;
    let has_more = page.len() > query.limit;
    page.truncate(query.limit);
    let next_cursor = page.last().filter(|_| has_more).map(|job| job.id);
    let shown = page
        .iter()
        .map(|job| report::show(instance, job, job.phase(query.now), query.now, None));
    let mut page = json!({"jobs": null, "next_cursor": next_cursor, "has_more": has_more});
    // Put in, since the macro would copy all of it.
    page["jobs"] = shown.collect();
    Ok(page)
}

/// The jobs that the page starts with, and one more if there is one.
fn jobs_from_cursor(instance: &Instance, query: &Query) -> Result<Vec<Arc<Job>>, &'static str> {
    const UNKNOWN: &str = "cursor is not the id of a job.";
    let is_wanted = |job: &&Arc<Job>| {
        let wanted = query.status.as_deref();
        wanted.is_none_or(|status| job.phase(query.now).status() == status)
    };
    let count = query.limit + 1;
    let state = instance.state();
    if instance.hooks.listed.is_empty() {
        let jobs = state.jobs.newest_first(query.cursor).ok_or(UNKNOWN)?;
        return Ok(jobs.filter(is_wanted).take(count).cloned().collect());
    }
    // Hooks may move any job anywhere, so they are given all of them.
    let jobs = state.jobs.newest_first(None).into_iter().flatten();
    let mut jobs = jobs.cloned().collect();
    instance.hooks.listed.apply(&mut jobs, query);
    let start = match query.cursor {
        Some(cursor) => {
            1 + jobs
                .iter()
                .position(|job| job.id == cursor)
                .ok_or(UNKNOWN)?
        }
        None => 0,
    };
    let jobs = jobs[start..].iter().filter(is_wanted).take(count);
    Ok(jobs.cloned().collect())
}
