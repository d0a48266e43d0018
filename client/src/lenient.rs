//! Reading what can be read from bodies that are not what they should be: the id of a job that may have been paid
//! for, and a status of which one key is odd.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use schemars::{JsonSchema, SchemaGenerator};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::generated::contract::{job, submit::accepted};
use crate::{BatchJob, BatchJobPage};

/// Times that JSON text is searched for in strings of JSON text.
const NESTED_MAX: u32 = 4;
/// Up to here a number with a point is every whole number: 2 to the power of 53.
const MOST_EXACT: f64 = 9_007_199_254_740_992.0;

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

/// An id, alone or at the end of a URL's path.
pub(crate) fn id_of(text: &str) -> Option<Uuid> {
    let path = text.split(['?', '#']).next()?.trim();
    let id = path.trim_end_matches('/').rsplit('/').next()?;
    id.parse().ok()
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

/// The members of an object as they came, so that one that can't be decoded costs no other.
type Members<'a> = BTreeMap<String, &'a RawValue>;

/// A job of which the keys that no job lacks can be read; others that can't are left out.
pub(crate) fn job(body: &[u8]) -> Option<BatchJob> {
    let text = String::from_utf8_lossy(body);
    lenient_job(&serde_json::from_str(&text).ok()?)
}

/// A page all of whose jobs can be read that far, and that says whether it is the last one.
pub(crate) fn page(body: &[u8]) -> Option<BatchJobPage> {
    let text = String::from_utf8_lossy(body);
    let members: Members<'_> = serde_json::from_str(&text).ok()?;
    let jobs: Vec<Members<'_>> = serde_json::from_str(members.get("jobs")?.get()).ok()?;
    let cursor = members.get("next_cursor").and_then(|raw| decoded(raw));
    let is_last = cursor
        .as_ref()
        .map(|cursor| *cursor == Value::Null || *cursor == "");
    let has_more = match members.get("has_more").map(|raw| decoded(raw)) {
        Some(Some(Value::Bool(has_more))) => has_more,
        None | Some(Some(Value::Null)) => !is_last?,
        // It says something, and nobody knows what.
        Some(_) => return None,
    };
    let page = json!({
        "jobs": [],
        "has_more": has_more,
        // One that leads nowhere is none, and a list that goes on has an error then.
        "next_cursor": cursor.filter(|cursor| Uuid::deserialize(cursor).is_ok()),
    });
    let mut page = BatchJobPage::deserialize(page).ok()?;
    page.jobs = jobs.iter().map(lenient_job).collect::<Option<_>>()?;
    Some(page)
}

fn lenient_job(members: &Members<'_>) -> Option<BatchJob> {
    let (required, others): (Map<_, _>, Map<_, _>) = members
        .iter()
        .filter(|(key, _)| KNOWN_KEYS.contains(key))
        .filter_map(|(key, raw)| Some((key.clone(), decoded(raw)?)))
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

/// A value, if it can be decoded. A count may be written `3.0`.
fn decoded(raw: &RawValue) -> Option<Value> {
    let value: Value = serde_json::from_str(raw.get()).ok()?;
    let is_count = |number: &f64| number.fract() == 0.0 && (0.0..=MOST_EXACT).contains(number);
    let count = value.as_f64().filter(|_| value.is_f64()).filter(is_count);
    Some(count.map_or(value, |count| Value::from(count as u64)))
}
