//! `GET` of the list of jobs, page by page.

use axum::http::StatusCode;
use serde_json::{Value, json};
use url::form_urlencoded;
use uuid::Uuid;

use super::job::{self, Links};
use crate::answer::Answer;
use crate::effect::{Effect, Target};
use crate::exchange::Call;
use crate::generated::contract;
use crate::instance::Instance;
use crate::jobs::Job;

/// Answers one request for a page.
pub(super) fn answer(instance: &Instance, call: &Call) -> Answer {
    let text = call.uri.query().unwrap_or_default();
    if let Some(refusal) = super::locked(instance, call, Target::List) {
        return refusal;
    }
    let mut query = Query::read(text);
    for effect in &instance.effects {
        if let Effect::Query(change) = effect {
            change(&mut query);
        }
    }
    let mut answer = match page(instance, &query) {
        Ok(page) => Answer::json(StatusCode::OK, page),
        Err(message) => Answer::error(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            message,
            json!({}),
        ),
    };
    for effect in &instance.effects {
        if let Effect::Page(edit) = effect {
            edit(&mut answer, &query);
        }
    }
    answer
}

/// The page asked for. The error is a message for the caller.
fn page(instance: &Instance, query: &Query) -> Result<Value, &'static str> {
    if let Some(objection) = query.objection {
        return Err(objection);
    }
    let state = instance.state();
    let now = instance.now(&state);
    let mut jobs = state.jobs.newest_first();
    for effect in &instance.effects {
        if let Effect::Sift(sift) = effect {
            sift(&mut jobs, query, now);
        }
    }
    let start = match query.cursor {
        Some(cursor) => {
            let place = jobs.iter().position(|job| job.id == cursor);
            place.ok_or("cursor is not the id of a job.")? + 1
        }
        None => 0,
    };
    let is_wanted = |job: &&&Job| {
        let wanted = query.status.as_deref();
        wanted.is_none_or(|status| job.phase(now).status() == status)
    };
    let mut matching = jobs[start..].iter().filter(is_wanted);
    let page: Vec<&Job> = matching.by_ref().take(query.limit).copied().collect();
    let has_more = matching.next().is_some();
    let next_cursor = page.last().filter(|_| has_more).map(|job| job.id);
    let jobs: Vec<Value> = page
        .into_iter()
        .map(|job| job::show(instance, job, job.phase(now), now, Links::Hidden))
        .collect();
    Ok(json!({"jobs": jobs, "next_cursor": next_cursor, "has_more": has_more}))
}

/// What a request for a page asks for.
#[derive(Debug)]
pub(crate) struct Query {
    /// `limit`, as it was sent.
    pub(crate) asked: Option<i64>,
    /// Most jobs on the page.
    pub(crate) limit: usize,
    pub(crate) status: Option<String>,
    pub(crate) cursor: Option<Uuid>,
    /// What is wrong with it.
    pub(crate) objection: Option<&'static str>,
}

impl Query {
    fn read(text: &str) -> Self {
        let mut query = Self {
            asked: None,
            limit: contract::list::limit::DEFAULT as usize,
            status: None,
            cursor: None,
            objection: None,
        };
        for (key, value) in form_urlencoded::parse(text.as_bytes()) {
            let read = match &*key {
                "limit" => query.read_limit(&value),
                "status" => query.read_status(&value),
                "cursor" => query.read_cursor(&value),
                _ => Ok(()),
            };
            if let Err(objection) = read {
                query.objection.get_or_insert(objection);
            }
        }
        query
    }

    fn read_limit(&mut self, value: &str) -> Result<(), &'static str> {
        let asked: i64 = value.parse().map_err(|_| "limit is not an integer.")?;
        self.asked = Some(asked);
        self.limit = asked.clamp(
            contract::list::limit::MIN.into(),
            contract::list::limit::MAX.into(),
        ) as usize;
        Ok(())
    }

    fn read_status(&mut self, value: &str) -> Result<(), &'static str> {
        self.status = Some(value.to_owned());
        if contract::job::status::VALUES.contains(&value) {
            Ok(())
        } else {
            Err("status is not one that a job can have.")
        }
    }

    fn read_cursor(&mut self, value: &str) -> Result<(), &'static str> {
        self.cursor = Some(Uuid::try_parse(value).map_err(|_| "cursor is not the id of a job.")?);
        Ok(())
    }
}
