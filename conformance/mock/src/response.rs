//! A response of the API before it is bytes: what the routes build and what hooks edit. How it becomes bytes is in
//! `render`.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use url::Url;

use crate::billing::Charge;
use crate::generated::contract;
use crate::rate::RateHeaders;

/// Stands in a response for the root of the origin that is not the API's.
pub(crate) const ELSEWHERE: &str = "http://elsewhere.invalid/";

/// Status, headers and body of one response.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) content_type: &'static str,
    pub(crate) body: Payload,
    pub(crate) framing: Framing,
    /// Where a redirect leads: see [`ELSEWHERE`].
    pub(crate) location: Option<String>,
    /// How long it is held back, in the instance's own time.
    pub(crate) held: Duration,
    /// What the rate-limit headers say; without it there are none.
    pub(crate) rate: Option<RateHeaders>,
    /// What the request was charged, as the books have it.
    pub(crate) charge: Option<Arc<Charge>>,
    /// What the header says that it was charged; without it there is none.
    pub(crate) credits_used: Option<f64>,
    /// What the header says is the request's id; without it there is none.
    pub(crate) request_id: Option<String>,
    /// What the server's clock shows; without it, what this machine's does.
    pub(crate) date: Option<DateTime<Utc>>,
}

/// The body of a response.
#[derive(Debug)]
pub(crate) enum Payload {
    Json(Value),
    Text(String),
}

/// How the body travels. All but [`Framing::Truncated`] are right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// With its length.
    Whole,
    /// In chunks, without its length.
    Chunked,
    /// With `Content-Encoding: gzip`, where the request allows it.
    Gzip,
    /// With its length, and the connection closed after it.
    Close,
    /// The connection breaks off in the middle.
    Truncated,
    /// The connection breaks off before anything is sent.
    Dropped,
}

impl Response {
    pub(crate) fn json(status: StatusCode, body: Value) -> Self {
        Self {
            status,
            content_type: contract::media_type::JSON,
            body: Payload::Json(body),
            framing: Framing::Whole,
            location: None,
            held: Duration::ZERO,
            rate: None,
            charge: None,
            credits_used: None,
            request_id: None,
            date: None,
        }
    }

    /// The error envelope of the contract.
    pub(crate) fn error(
        status: StatusCode,
        kind: &str,
        message: impl Into<String>,
        metadata: Value,
    ) -> Self {
        let message: String = message.into();
        Self::json(
            status,
            json!({"error": {"type": kind, "message": message, "metadata": metadata}}),
        )
    }

    /// The 400 of the contract.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::error(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            message,
            json!({}),
        )
    }

    /// The 404 of the contract.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::error(StatusCode::NOT_FOUND, "not_found", message, json!({}))
    }

    /// The 401 of the contract, which is flat.
    pub(crate) fn unauthorized() -> Self {
        Self::json(
            StatusCode::UNAUTHORIZED,
            json!({"message": "No valid API key. Send it as `Authorization: Bearer <key>`."}),
        )
    }

    /// The 429 of the contract. Its headers say how long to wait.
    pub(crate) fn too_many_requests(message: &str) -> Self {
        Self::error(
            StatusCode::TOO_MANY_REQUESTS,
            "rate_limit_exceeded",
            message,
            json!({}),
        )
    }

    /// Changes the status, and the body of a 401 with it, since only that may be flat.
    pub(crate) fn restate(&mut self, status: StatusCode) {
        if self.status == StatusCode::UNAUTHORIZED {
            *self = Self::error(status, "refused", "No valid API key.", json!({}));
        }
        self.status = status;
    }

    /// Replaces the body by something that is not JSON.
    pub(crate) fn set_text(&mut self, content_type: &'static str, text: &str) {
        self.content_type = content_type;
        self.body = Payload::Text(text.to_owned());
    }

    /// The value of a key of the body, if the body is a JSON object that has it.
    pub(crate) fn get(&self, key: &str) -> Option<Value> {
        match &self.body {
            Payload::Json(body) => body.get(key).cloned(),
            Payload::Text(_) => None,
        }
    }

    /// Sets a key of the body. Like every edit of a key, it does nothing where there is no such object, so that
    /// a hook need not ask what a hook before it has left.
    pub(crate) fn set(&mut self, key: &str, value: impl Into<Value>) {
        if let Some(keys) = self.keys() {
            keys.insert(key.to_owned(), value.into());
        }
    }

    /// Removes a key of the body.
    pub(crate) fn remove(&mut self, key: &str) {
        if let Some(keys) = self.keys() {
            keys.remove(key);
        }
    }

    /// Puts the value that `wrap` makes of the body in its place.
    pub(crate) fn wrap(&mut self, wrap: impl FnOnce(Value) -> Value) {
        if let Payload::Json(body) = &mut self.body {
            *body = wrap(body.take());
        }
    }

    fn keys(&mut self) -> Option<&mut Map<String, Value>> {
        match &mut self.body {
            Payload::Json(body) => body.as_object_mut(),
            Payload::Text(_) => None,
        }
    }

    /// Sets a key of the error in the body, where the body is the envelope of one.
    pub(crate) fn set_in_error(&mut self, key: &str, value: impl Into<Value>) {
        if let Some(keys) = self.error_keys() {
            keys.insert(key.to_owned(), value.into());
        }
    }

    /// Removes a key of the error in the body.
    pub(crate) fn remove_in_error(&mut self, key: &str) {
        if let Some(keys) = self.error_keys() {
            keys.remove(key);
        }
    }

    fn error_keys(&mut self) -> Option<&mut Map<String, Value>> {
        self.keys()?.get_mut("error")?.as_object_mut()
    }

    /// Puts the root of the other origin in the place of [`ELSEWHERE`].
    pub(crate) fn lead_to(&mut self, other: &Url) {
        if let Some(location) = &mut self.location {
            *location = location.replace(ELSEWHERE, other.as_str());
        }
        let key = contract::submit::accepted::STATUS_URL_KEY;
        if let Some(Value::String(url)) = self.get(key)
            && url.starts_with(ELSEWHERE)
        {
            self.set(key, url.replace(ELSEWHERE, other.as_str()));
        }
    }

    /// The body as it is before any coding.
    pub(crate) fn bytes(&self) -> Bytes {
        match &self.body {
            // A value always has a JSON form.
            Payload::Json(value) => serde_json::to_vec(value).unwrap_or_default().into(),
            Payload::Text(text) => text.clone().into(),
        }
    }
}
