//! A job as its status and the list show it.

use std::time::Duration;

use chrono::SecondsFormat;
use serde_json::{Map, Value, json};
use url::Url;

use super::store;
use crate::file::File;
use crate::generated::contract;
use crate::instance::Instance;
use crate::jobs::{Job, Phase};

/// A job as it stands, in this phase, with download links where the root of their store is given.
pub(super) fn show(
    instance: &Instance,
    job: &Job,
    phase: Phase,
    now: Duration,
    store: Option<&Url>,
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
        set("entities_fulfilled", json!(job.found));
        set("result_count", json!(count));
        if let Some(store) = store {
            let parts = count.div_ceil(job.chunk_size.max(1));
            let link = |file| store::link(instance, store, job, file, now);
            set("download_url", json!(link(File::Merged)));
            set(
                "download_urls",
                (0..parts).map(|part| link(File::Part(part))).collect(),
            );
        }
    }
    if phase == Phase::Failed {
        set(
            "error_message",
            json!("The job failed, as this server was told to let it."),
        );
    }
    instance.hooks.report.apply(&mut shown, job);
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
