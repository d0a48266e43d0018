//! Reading what can be read from bodies that are not what they should be: the id of a job that may have been paid
//! for, and a status of which one key is odd.

use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::generated::contract::{BATCH_ID_KEY, JOB_KEYS, STATUS_URL_KEY};
use crate::{BatchJob, BatchJobPage};

/// Reads a job's id from a body of which nothing else is certain: JSON with odd values, cut off, or wrapped in
/// something else. Takes the value of `batch_id`; failing that, the id at the end of `status_url`.
pub(crate) fn find_batch_id(body: &[u8]) -> Option<Uuid> {
    let body = String::from_utf8_lossy(body);
    let batch_id = strings_under(&body, BATCH_ID_KEY).find_map(|text| text.parse().ok());
    batch_id.or_else(|| {
        strings_under(&body, STATUS_URL_KEY).find_map(|text| text.rsplit('/').next()?.parse().ok())
    })
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
    let (mut kept, others): (Map<_, _>, Map<_, _>) = members
        .into_iter()
        .partition(|(key, _)| JOB_KEYS.iter().any(|(required, _)| required == key));
    for (key, value) in others {
        kept.insert(key.clone(), value);
        if BatchJob::deserialize(&Value::Object(kept.clone())).is_err() {
            kept.remove(&key);
        }
    }
    BatchJob::deserialize(Value::Object(kept)).ok()
}
