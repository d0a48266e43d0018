//! `GET` of one job, and how a job is shown there and in the list.

use std::time::Duration;

use axum::http::StatusCode;
use chrono::SecondsFormat;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::generated::contract;
use crate::mock::answer::Answer;
use crate::mock::effect::Effect;
use crate::mock::exchange::Call;
use crate::mock::instance::Instance;
use crate::mock::jobs::{Job, Phase};
use crate::mock::records;
use crate::mock::routes::store;
use crate::mock::submission::Key;

/// Answers one request for a job's status.
pub(crate) fn answer(instance: &Instance, call: &Call) -> Answer {
    if Key::read(&call.headers, &instance.config.key) != Key::Known {
        return Answer::unauthorized();
    }
    let id = call.uri.path().rsplit('/').next().unwrap_or_default();
    let Ok(id) = Uuid::try_parse(id) else {
        let message = format!("\"{id}\" is not the id of a job.");
        return Answer::error(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            message,
            json!({}),
        );
    };
    let state = instance.state();
    let now = instance.now(&state);
    match state.jobs.get(id) {
        Some(job) => Answer::json(StatusCode::OK, show(instance, job, now, Links::Shown)),
        None => Answer::error(
            StatusCode::NOT_FOUND,
            "not_found",
            format!("There is no job {id}."),
            json!({}),
        ),
    }
}

/// Whether a job is shown with its download links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Links {
    Shown,
    Hidden,
}

/// A job as it stands.
pub(crate) fn show(instance: &Instance, job: &Job, now: Duration, links: Links) -> Value {
    let phase = job.phase(now);
    let count = job.identifiers.len();
    let mut shown = Map::new();
    let mut set = |key: &str, value: Value| shown.insert(key.to_owned(), value);
    set("batch_id", json!(job.id));
    set("status", json!(phase.status()));
    set("entity", json!(contract::ACCEPTED_ENTITY));
    set("action", json!(contract::ACCEPTED_ACTION));
    set("identifier_count", json!(count));
    set("entities_requested", json!(count));
    set("created_at", date(instance, job.created));
    set(
        "completed_at",
        if phase.is_final() {
            date(instance, job.completed)
        } else {
            Value::Null
        },
    );
    if phase == Phase::Completed {
        let found = job
            .identifiers
            .iter()
            .filter(|identifier| records::is_found(identifier))
            .count();
        set("entities_fulfilled", json!(found));
        set("result_count", json!(count));
        if links == Links::Shown {
            let parts = count.div_ceil(job.chunk_size.max(1));
            let link = |file| store::link(instance, job, file, now);
            set("download_url", json!(link(store::File::Merged)));
            set(
                "download_urls",
                (0..parts)
                    .map(|part| link(store::File::Part(part)))
                    .collect(),
            );
        }
    }
    if phase == Phase::Failed {
        set(
            "error_message",
            json!("The job failed, as this server was told to let it."),
        );
    }
    for effect in &instance.effects {
        if let Effect::Job(edit) = effect {
            edit(&mut shown, job);
        }
    }
    Value::Object(shown)
}

/// RFC 3339 with an offset.
fn date(instance: &Instance, at: Duration) -> Value {
    json!(
        instance
            .date(at)
            .to_rfc3339_opts(SecondsFormat::Micros, false)
    )
}
