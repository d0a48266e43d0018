//! `GET` of one job, and how a job is shown there and in the list.

use std::time::Duration;

use axum::http::StatusCode;
use chrono::SecondsFormat;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::answer::Answer;
use crate::effect::{Effect, Look, Target};
use crate::exchange::Call;
use crate::generated::contract;
use crate::instance::Instance;
use crate::jobs::{Job, Phase};
use crate::records;
use crate::routes::store;

/// Answers one request for a job's status.
pub(super) fn answer(instance: &Instance, call: &Call) -> Answer {
    let text = call.uri.path().rsplit('/').next().unwrap_or_default();
    let id = Uuid::try_parse(text);
    let mut state = instance.state();
    let now = instance.now(&state);
    let phase = id.as_ref().ok().and_then(|id| state.jobs.get(*id));
    let phase = phase.map(|job| job.phase(now));
    if let Some(refusal) = super::locked(instance, call, Target::Job(phase)) {
        return refusal;
    }
    let Ok(id) = id else {
        let message = format!("\"{text}\" is not the id of a job.");
        return Answer::error(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            message,
            json!({}),
        );
    };
    let first_id = state.jobs.first_id().unwrap_or(id);
    let has_version = call.headers.contains_key(contract::header::API_VERSION);
    let job = if has_version {
        state.jobs.look(id, now)
    } else {
        state.jobs.get(id)
    };
    match job {
        Some(job) => {
            let look = Look {
                job,
                phase: job.phase(now),
                number: job.looks,
                final_number: job.final_looks,
                has_version,
                first_id,
            };
            found(instance, look, now)
        }
        None => unknown(instance, id),
    }
}

fn found(instance: &Instance, mut look: Look<'_>, now: Duration) -> Answer {
    for effect in &instance.effects {
        if let Effect::Phase(choose) = effect {
            look.phase = choose(&look);
        }
    }
    let shown = show(instance, look.job, look.phase, now, Links::Shown);
    let mut answer = Answer::json(StatusCode::OK, shown);
    for effect in &instance.effects {
        if let Effect::Look(edit) = effect {
            edit(&mut answer, &look);
        }
    }
    answer
}

fn unknown(instance: &Instance, id: Uuid) -> Answer {
    let mut answer = Answer::error(
        StatusCode::NOT_FOUND,
        "not_found",
        format!("There is no job {id}."),
        json!({}),
    );
    for effect in &instance.effects {
        if let Effect::Unknown(edit) = effect {
            edit(&mut answer);
        }
    }
    answer
}

/// Whether a job is shown with its download links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Links {
    Shown,
    Hidden,
}

/// A job as it stands, in this phase.
pub(super) fn show(
    instance: &Instance,
    job: &Job,
    phase: Phase,
    now: Duration,
    links: Links,
) -> Value {
    let count = job.identifiers().len();
    let mut shown = Map::new();
    let mut set = |key: &str, value: Value| shown.insert(key.to_owned(), value);
    set("batch_id", json!(job.id));
    set("status", json!(phase.status()));
    set("entity", json!(contract::submit::accepted::ENTITY));
    set("action", json!(contract::submit::accepted::ACTION));
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
            .identifiers()
            .iter()
            .filter(|identifier| records::is_found(identifier, &instance.config.profiles))
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
