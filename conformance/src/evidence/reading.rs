//! Reading responses: the state of a job, the page of a list, and the ids in them.

use http::StatusCode;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::contract::fingerprint::fingerprint;
use crate::exchange::Exchange;
use crate::generated::contract::job;

/// The id of a job, in a form that is small, and the same for all spellings of a UUID.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum JobId {
    /// A UUID in the hyphenated form.
    Uuid(Uuid),
    /// Anything else.
    Other(Box<str>),
}

impl JobId {
    /// Reads an id.
    pub fn of(text: &str) -> Self {
        match uuid(text) {
            Some(id) => Self::Uuid(id),
            None => Self::Other(text.into()),
        }
    }

    /// What stands for it where very many are remembered.
    pub(super) fn fingerprint(&self) -> u64 {
        match self {
            Self::Uuid(id) => fingerprint(id.as_bytes()),
            Self::Other(text) => fingerprint(&**text),
        }
    }
}

/// The JSON object that a request was answered with, where the status is 200.
pub fn state(exchange: &Exchange) -> Option<&Map<String, Value>> {
    let response = exchange.outcome.as_ref().ok()?;
    if response.status != StatusCode::OK {
        return None;
    }
    response.json()?.as_object()
}

/// The string under `key`.
pub fn text<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    object.get(key)?.as_str()
}

/// The whole number that `value` is. Whether `2.0` is one is open, so it is taken for one.
pub(crate) fn integer(value: &Value) -> Option<i128> {
    let number = value.as_number()?;
    let whole = || number.as_f64().filter(|number| number.fract() == 0.0);
    number
        .as_i128()
        .or_else(|| whole().map(|number| number as i128))
}

/// Whether `text` is a UUID in the hyphenated form, which is what `format: uuid` means.
pub fn is_uuid(text: &str) -> bool {
    uuid(text).is_some()
}

/// The ids of the jobs on a page of the list, where each has one.
pub(crate) fn ids(page: &Map<String, Value>) -> Option<Vec<&str>> {
    let jobs = page.get("jobs")?.as_array()?;
    jobs.iter()
        .map(|job| job.get(job::ID_KEY)?.as_str())
        .collect()
}

fn uuid(text: &str) -> Option<Uuid> {
    (text.len() == 36)
        .then(|| Uuid::try_parse(text).ok())
        .flatten()
}
