//! A response of the API before it is bytes: what the routes build and what hooks edit.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{self, HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use chrono::{DateTime, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::{StreamExt, stream};
use serde_json::{Map, Value, json};
use url::Url;

use crate::billing::Charge;
use crate::generated::contract;
use crate::rate::RateHeaders;

/// A date as a header has it (RFC 9110, section 5.6.7).
const HTTP_DATE: &str = "%a, %d %b %Y %H:%M:%S GMT";
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
            Payload::Json(value) => value.to_string().into(),
            Payload::Text(text) => text.clone().into(),
        }
    }

    /// The response as it goes out to a request with these headers.
    pub(crate) fn render(self, request: &HeaderMap) -> http::Response<Body> {
        let bytes = self.bytes();
        let mut headers = HeaderMap::new();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(self.content_type),
        );
        if let Some(rate) = self.rate {
            rate.write(&mut headers);
        }
        let facts = [
            (contract::header::REQUEST_ID, self.request_id),
            (
                contract::header::CREDITS_USED,
                self.credits_used.map(|credits| credits.to_string()),
            ),
            (
                header::DATE.as_str(),
                self.date.map(|date| date.format(HTTP_DATE).to_string()),
            ),
        ];
        for (name, text) in facts {
            if let Some(value) = text.and_then(|text| HeaderValue::try_from(text).ok()) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        if let Some(location) = self.location
            && let Ok(location) = HeaderValue::try_from(location)
        {
            headers.insert(header::LOCATION, location);
        }
        let body = match self.framing {
            Framing::Whole => Body::from(bytes),
            Framing::Chunked => {
                Body::from_stream(stream::iter(halves(bytes).map(Ok::<_, io::Error>)))
            }
            Framing::Gzip if accepts_gzip(request) => {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                Body::from(gzip(&bytes))
            }
            Framing::Gzip => Body::from(bytes),
            Framing::Close => {
                headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
                Body::from(bytes)
            }
            // The head waits for the body, and is given up with it.
            Framing::Dropped => Body::from_stream(stream::iter([Err::<Bytes, _>(cut())])),
            Framing::Truncated => {
                headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
                let [first, _] = halves(bytes);
                // The pause lets the first half go out before the connection is given up.
                Body::from_stream(stream::iter([Ok(first), Err(cut())]).then(async |part| {
                    tokio::task::yield_now().await;
                    part
                }))
            }
        };
        let mut response = http::Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = headers;
        response
    }
}

fn cut() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "cut off on purpose")
}

/// Gzip of `bytes`.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory has no way to fail.
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .unwrap_or_default()
}

fn halves(bytes: Bytes) -> [Bytes; 2] {
    let middle = bytes.len() / 2;
    [bytes.slice(..middle), bytes.slice(middle..)]
}

/// A request without `Accept-Encoding` accepts every coding (RFC 9110, section 12.5.3).
fn accepts_gzip(request: &HeaderMap) -> bool {
    request
        .get(header::ACCEPT_ENCODING)
        .is_none_or(|value| value.as_bytes().windows(4).any(|part| part == b"gzip"))
}
