//! Reading what can be read from bodies that are not what they should be: the id of a job that may have been paid
//! for, and a status of which one key is odd.

use std::sync::LazyLock;

use schemars::{JsonSchema, SchemaGenerator};
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::generated::contract::{job, submit::accepted};
use crate::{BatchJob, BatchJobPage};

/// Times that JSON text is searched for in strings of JSON text.
const NESTED_MAX: u32 = 4;

/// The keys of a job. Others are not read, so there is no need to find out whether they can be.
static KNOWN_KEYS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let schema = BatchJob::json_schema(&mut SchemaGenerator::default());
    let properties = schema.get("properties").and_then(Value::as_object);
    properties
        .into_iter()
        .flat_map(Map::keys)
        .cloned()
        .collect()
});

/// Reads a job's id from a body of which nothing else is certain: JSON with odd values, cut off, or wrapped in
/// something else. Takes the value of `batch_id`; failing that, the id at the end of `status_url`.
pub(crate) fn find_batch_id(body: &[u8]) -> Option<Uuid> {
    match serde_json::from_slice(body) {
        Ok(value) => in_json(value),
        Err(_) => in_text(&String::from_utf8_lossy(body)),
    }
}

/// The outermost one: what lies deeper may be about other jobs.
fn in_json(value: Value) -> Option<Uuid> {
    // Each with the texts that may still be in it.
    let mut level = vec![(value, NESTED_MAX)];
    while !level.is_empty() {
        let under = |key| {
            level
                .iter()
                .find_map(|(value, _)| id_of(value.get(key)?.as_str()?))
        };
        if let Some(id) = under(job::ID_KEY).or_else(|| under(accepted::STATUS_URL_KEY)) {
            return Some(id);
        }
        level = level
            .into_iter()
            .flat_map(|(value, nested)| inside(value, nested))
            .collect();
    }
    None
}

fn inside(value: Value, nested: u32) -> Vec<(Value, u32)> {
    let same = |value| (value, nested);
    match value {
        Value::Array(items) => items.into_iter().map(same).collect(),
        Value::Object(members) => members.into_iter().map(|(_, value)| same(value)).collect(),
        // Gateways put one JSON text into another.
        Value::String(text) if nested > 0 => match serde_json::from_str(&text) {
            Ok(value @ (Value::Array(_) | Value::Object(_) | Value::String(_))) => {
                vec![(value, nested - 1)]
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn in_text(text: &str) -> Option<Uuid> {
    // One that was quoted, as JSON in JSON is, reads like any other.
    let text = text.replace("\\\"", "\"");
    let under = |key| strings_under(&text, key).find_map(id_of);
    under(job::ID_KEY).or_else(|| under(accepted::STATUS_URL_KEY))
}

/// An id, alone or at the end of a URL.
pub(crate) fn id_of(text: &str) -> Option<Uuid> {
    text.rsplit('/').next()?.parse().ok()
}

/// The strings that follow `key` as its value, wherever in the text.
fn strings_under<'a>(text: &'a str, key: &str) -> impl Iterator<Item = &'a str> + use<'a> {
    let values: Vec<_> = text.split(&format!("\"{key}\"")).skip(1).collect();
    values.into_iter().filter_map(|rest| {
        let value = rest
            .trim_start()
            .strip_prefix(':')?
            .trim_start()
            .strip_prefix('"')?;
        value.split('"').next()
    })
}

/// A job of which the keys that no job lacks can be read; others that can't are left out.
pub(crate) fn job(body: &[u8]) -> Option<BatchJob> {
    lenient_job(serde_json::from_slice(body).ok()?)
}

/// A page all of whose jobs can be read that far.
pub(crate) fn page(body: &[u8]) -> Option<BatchJobPage> {
    let mut page: Value = serde_json::from_slice(body).ok()?;
    let jobs = match page.get_mut("jobs")?.take() {
        Value::Array(jobs) => jobs.into_iter().map(lenient_job).collect::<Option<_>>()?,
        _ => return None,
    };
    page["jobs"] = Value::Array(Vec::new());
    let mut page: BatchJobPage = serde_json::from_value(page).ok()?;
    page.jobs = jobs;
    Some(page)
}

fn lenient_job(job: Value) -> Option<BatchJob> {
    let Value::Object(members) = job else {
        return None;
    };
    let (required, others): (Map<_, _>, Map<_, _>) = members
        .into_iter()
        .filter(|(key, _)| KNOWN_KEYS.contains(key))
        .partition(|(key, _)| job::REQUIRED.iter().any(|(required, _)| required == key));
    let readable = others.into_iter().filter(|(key, value)| {
        let mut job = required.clone();
        job.insert(key.clone(), value.clone());
        BatchJob::deserialize(Value::Object(job)).is_ok()
    });
    let mut job = required.clone();
    job.extend(readable);
    BatchJob::deserialize(Value::Object(job)).ok()
}
