//! `GET` of the list of jobs, page by page.

use axum::http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::job::{self, Links};
use crate::generated::contract;
use crate::mock::answer::Answer;
use crate::mock::exchange::Call;
use crate::mock::instance::Instance;
use crate::mock::submission::Key;

/// Answers one request for a page.
pub(crate) fn answer(instance: &Instance, call: &Call) -> Answer {
    if Key::read(&call.headers, &instance.config.key) != Key::Known {
        return Answer::unauthorized();
    }
    let query = match Query::read(call.uri.query().unwrap_or_default()) {
        Ok(query) => query,
        Err(message) => return bad_request(&message),
    };
    let state = instance.state();
    let now = instance.now(&state);
    let Some(page) = state
        .jobs
        .page(now, query.cursor, query.status.as_deref(), query.limit)
    else {
        return bad_request("cursor is not the id of a job.");
    };
    let jobs: Vec<Value> = page
        .jobs
        .iter()
        .map(|job| job::show(instance, job, now, Links::Hidden))
        .collect();
    let next_cursor = page.jobs.last().filter(|_| page.has_more).map(|job| job.id);
    Answer::json(
        StatusCode::OK,
        json!({"jobs": jobs, "next_cursor": next_cursor, "has_more": page.has_more}),
    )
}

struct Query {
    limit: usize,
    status: Option<String>,
    cursor: Option<Uuid>,
}

impl Query {
    /// The error is a message for the caller.
    fn read(query: &str) -> Result<Self, String> {
        let mut read = Self {
            limit: contract::PAGE_LIMIT_DEFAULT as usize,
            status: None,
            cursor: None,
        };
        for (key, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match &*key {
                "limit" => {
                    let limit: i64 = value.parse().map_err(|_| "limit is not an integer.")?;
                    let limit = limit.clamp(
                        contract::PAGE_LIMIT_MIN.into(),
                        contract::PAGE_LIMIT_MAX.into(),
                    );
                    read.limit = limit as usize;
                }
                "status" if contract::JOB_STATUSES.contains(&&*value) => {
                    read.status = Some(value.into_owned())
                }
                "status" => {
                    return Err(format!(
                        "status must be one of {}.",
                        contract::JOB_STATUSES.join(", ")
                    ));
                }
                "cursor" => {
                    read.cursor = Some(
                        Uuid::try_parse(&value).map_err(|_| "cursor is not the id of a job.")?,
                    );
                }
                _ => {}
            }
        }
        Ok(read)
    }
}

fn bad_request(message: &str) -> Answer {
    Answer::error(
        StatusCode::BAD_REQUEST,
        "invalid_request",
        message,
        json!({}),
    )
}
