//! How the reference client looks at the state of a job.

use http::{Method, StatusCode};
use serde_json::Value;

use super::Mistake;
use super::api::{Api, Failed};
use crate::generated::contract::job;

impl Api<'_> {
    pub(super) async fn poll(&self, address: &str) -> Result<Value, Failed> {
        let answer = self.call(Method::GET, address, None).await?;
        let answer = answer.filter(|answer| answer.status == StatusCode::OK);
        let Some(state) = answer.and_then(|answer| answer.json()) else {
            return failed("the job can't be read");
        };
        if self.makes(Mistake::AllKeys) && state["entities_requested"].is_null() {
            return failed("a key is missing");
        }
        self.keys(&state, KEYS.iter().copied())?;
        Ok(state)
    }

    /// Fails at a key that is not known, where that is the mistake.
    pub(super) fn keys<'k>(
        &self,
        object: &Value,
        known: impl Iterator<Item = &'k str> + Clone,
    ) -> Result<(), Failed> {
        let keys = object.as_object().into_iter().flatten();
        for (key, _) in keys.filter(|_| self.makes(Mistake::NoExtraKeys)) {
            if !known.clone().any(|one| one == key) {
                return failed(format!("unknown key {key}"));
            }
        }
        Ok(())
    }
}

pub(super) fn failed<T>(why: impl Into<String>) -> Result<T, Failed> {
    Err(Failed(why.into()))
}

/// The keys of a job that the documentation names.
const KEYS: &[&str] = &[
    "batch_id",
    "status",
    "entity",
    "action",
    "identifier_count",
    "entities_requested",
    "result_count",
    "entities_fulfilled",
    "created_at",
    "completed_at",
    "download_url",
    "download_urls",
    "error_message",
];

pub(super) fn path(id: &str) -> String {
    job::PATH.replace("{batch_id}", id)
}
