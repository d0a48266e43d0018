//! What comes back: a response that arrived whole, or why there is none that can be read. The request is in `exchange`.

use std::sync::OnceLock;

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::gzip::{self, Unpacked};

/// A response that arrived whole.
#[derive(Debug, Clone)]
pub struct Response {
    /// Status code.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body, with any content encoding undone.
    pub body: Bytes,
    json: OnceLock<Option<Value>>,
    unpacked: OnceLock<Option<Unpacked>>,
}

impl Response {
    /// A response from its parts.
    pub fn new(status: StatusCode, headers: HeaderMap, body: Bytes) -> Self {
        Self {
            status,
            headers,
            body,
            json: OnceLock::new(),
            unpacked: OnceLock::new(),
        }
    }

    /// The same response with this text, packed, as its body.
    pub(crate) fn packed(status: StatusCode, headers: HeaderMap, text: Vec<u8>) -> Self {
        let body = gzip::packed(&text).into();
        Self {
            unpacked: OnceLock::from(Some(Unpacked::whole(text.into()))),
            ..Self::new(status, headers, body)
        }
    }

    /// What is in the body, where it is gzip.
    pub(crate) fn unpacked(&self) -> Option<&Unpacked> {
        let unpacked = || gzip::is_gzip(&self.body).then(|| Unpacked::of(&self.body));
        self.unpacked.get_or_init(unpacked).as_ref()
    }

    /// The body as JSON, where it is JSON, whatever the content type says.
    pub fn json(&self) -> Option<&Value> {
        self.json
            .get_or_init(|| serde_json::from_slice(&self.body).ok())
            .as_ref()
    }

    /// The media type without parameters, in lower case; empty where there is none.
    pub fn media_type(&self) -> String {
        self.headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase()
    }
}

/// Why a request has no response that can be read.
#[derive(Debug, Clone)]
pub struct Failure {
    /// What kind of failure it is.
    pub kind: FailureKind,
    /// The status, where the head of the response still came.
    pub status: Option<StatusCode>,
    /// In words, without the key.
    pub detail: String,
}

/// Kinds of [`Failure`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// No connection was made: the request was certainly not sent.
    Connect,
    /// No whole response in time.
    Timeout,
    /// The connection broke, or what came is not HTTP.
    Broken,
    /// The body is larger than the suite reads.
    TooLarge,
    /// A recording of others lacks the response, or its body: nobody's fault.
    NotRecorded,
}
