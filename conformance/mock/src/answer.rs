//! An answer of the API before it is bytes: what the routes build and what effects edit.

use std::io::{self, Write};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::{StreamExt, stream};
use serde_json::{Map, Value, json};

use crate::generated::contract::media_type;
use crate::rate::RateHeaders;

/// Status, headers and body of one answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) content_type: &'static str,
    pub(crate) body: Payload,
    pub(crate) framing: Framing,
    /// What the rate-limit headers say; without it there are none.
    pub(crate) rate: Option<RateHeaders>,
}

/// The body of an answer.
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
}

impl Answer {
    pub(crate) fn json(status: StatusCode, body: Value) -> Self {
        Self {
            status,
            content_type: media_type::JSON,
            body: Payload::Json(body),
            framing: Framing::Whole,
            rate: None,
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

    /// The 401 of the contract, which is flat.
    pub(crate) fn unauthorized() -> Self {
        Self::json(
            StatusCode::UNAUTHORIZED,
            json!({"message": "No valid API key. Send it as `Authorization: Bearer <key>`."}),
        )
    }

    /// The refusal of what is too much for now. The headers say when it will not be.
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

    /// The body's keys; empty, and not part of the answer, if the body is no JSON object.
    pub(crate) fn keys(&mut self) -> Keys<'_> {
        Keys(match &mut self.body {
            Payload::Json(Value::Object(map)) => Some(map),
            _ => None,
        })
    }

    /// The keys below `error`, in the same way.
    pub(crate) fn error_keys(&mut self) -> Keys<'_> {
        Keys(
            self.keys()
                .0
                .and_then(|map| map.get_mut("error"))
                .and_then(Value::as_object_mut),
        )
    }

    /// The answer as it goes out to a request with these headers.
    pub(crate) fn render(self, request: &HeaderMap) -> Response<Body> {
        let bytes = Bytes::from(match self.body {
            Payload::Json(value) => value.to_string(),
            Payload::Text(text) => text,
        });
        let mut headers = HeaderMap::new();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(self.content_type),
        );
        if let Some(rate) = self.rate {
            rate.write(&mut headers);
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
            Framing::Truncated => {
                headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
                let [first, _] = halves(bytes);
                let cut = io::Error::new(io::ErrorKind::ConnectionAborted, "cut off on purpose");
                // The pause lets the first half go out before the connection is given up.
                Body::from_stream(stream::iter([Ok(first), Err(cut)]).then(async |part| {
                    tokio::task::yield_now().await;
                    part
                }))
            }
        };
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = headers;
        response
    }
}

/// Keys of a JSON object in an answer. Edits to one that is not there do nothing, so that an effect need not
/// ask what an effect before it has left.
pub(crate) struct Keys<'a>(Option<&'a mut Map<String, Value>>);

impl Keys<'_> {
    pub(crate) fn set(self, key: &str, value: impl Into<Value>) {
        if let Some(map) = self.0 {
            map.insert(key.to_owned(), value.into());
        }
    }

    pub(crate) fn remove(self, key: &str) {
        if let Some(map) = self.0 {
            map.remove(key);
        }
    }

    pub(crate) fn get(self, key: &str) -> Option<Value> {
        self.0.and_then(|map| map.get(key).cloned())
    }
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
