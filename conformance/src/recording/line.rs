//! What is in the lines of a recording. How they are written and read is not here.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde::{Deserialize, Serialize};

use crate::exchange::{Exchange, Failure, FailureKind, Request, Response};

/// Names the form of a recording. A new number means that readers must change.
pub const SCHEMA: &str = "crustdata-conformance/exchanges/1";

/// The first line: where the exchanges are from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// Base URL of the server; the paths of the requests are relative to it.
    pub base_url: String,
    /// What came of judging them, where they were judged; for information.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
    /// How many lines follow; fewer mean that the recording is cut off. Absent until it is finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchanges: Option<usize>,
}

/// One exchange.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Number of the exchange, from 0: what findings and jobs refer to.
    pub n: usize,
    /// From the start of the run to the sending, in microseconds.
    pub sent_after_us: u64,
    /// From the sending to the last byte of the response, in microseconds.
    pub took_us: u64,
    /// The request.
    pub request: RequestLine,
    /// The response, where one arrived whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<ResponseLine>,
    /// Why there is no response, where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<FailureLine>,
}

/// A request as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestLine {
    /// HTTP method.
    pub method: String,
    /// Path and query; or the whole address, where it is outside the API.
    pub path: String,
    /// Names and values, in their order.
    pub headers: Vec<(String, Text)>,
    /// Body; empty where none was sent.
    pub body: Text,
}

/// A response that arrived whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseLine {
    /// Status code.
    pub status: u16,
    /// Names and values, in their order.
    pub headers: Vec<(String, Text)>,
    /// Body, with any content encoding undone.
    pub body: Text,
}

/// Why a request has no response that can be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureLine {
    /// What kind of failure it is.
    pub kind: FailureKind,
    /// The status, where the head of the response still came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// In words.
    pub detail: String,
}

/// Bytes, as text where they are UTF-8.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Text {
    /// UTF-8.
    Utf8(String),
    /// Anything else.
    Base64 {
        /// The bytes in Base64, with padding.
        base64: String,
    },
}

impl Line {
    pub(super) fn of(n: usize, exchange: &Exchange) -> Self {
        let request = &exchange.request;
        Self {
            n,
            sent_after_us: microseconds(exchange.sent_after),
            took_us: microseconds(exchange.took),
            request: RequestLine {
                method: request.method.to_string(),
                path: request.destination.to_string(),
                headers: pairs(&request.headers),
                body: Text::of(&request.body),
            },
            response: exchange.outcome.as_ref().ok().map(|response| ResponseLine {
                status: response.status.as_u16(),
                headers: pairs(&response.headers),
                body: Text::of(&response.body),
            }),
            failure: exchange.outcome.as_ref().err().map(|failure| FailureLine {
                kind: failure.kind,
                status: failure.status.map(|status| status.as_u16()),
                detail: failure.detail.clone(),
            }),
        }
    }

    pub(super) fn into_exchange(
        self,
    ) -> Result<Exchange, Box<dyn std::error::Error + Send + Sync>> {
        let outcome = match (self.response, self.failure) {
            (Some(response), None) => Ok(Response::new(
                StatusCode::from_u16(response.status)?,
                headers(response.headers)?,
                response.body.into_bytes()?,
            )),
            (None, Some(failure)) => Err(Failure {
                kind: failure.kind,
                status: failure.status.map(StatusCode::from_u16).transpose()?,
                detail: failure.detail,
            }),
            _ => return Err("it needs either `response` or `failure`".into()),
        };
        Ok(Exchange {
            request: Request::new(
                Method::from_bytes(self.request.method.as_bytes())?,
                self.request.path,
                headers(self.request.headers)?,
                self.request.body.into_bytes()?,
            ),
            outcome,
            sent_after: Duration::from_micros(self.sent_after_us),
            took: Duration::from_micros(self.took_us),
        })
    }
}

impl Text {
    fn of(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Utf8(text.to_owned()),
            Err(_) => Self::Base64 {
                base64: BASE64_STANDARD.encode(bytes),
            },
        }
    }

    fn into_bytes(self) -> Result<Bytes, base64::DecodeError> {
        Ok(match self {
            Self::Utf8(text) => text.into(),
            Self::Base64 { base64 } => BASE64_STANDARD.decode(base64)?.into(),
        })
    }
}

fn microseconds(duration: Duration) -> u64 {
    duration.as_micros().try_into().unwrap_or(u64::MAX)
}

fn pairs(headers: &HeaderMap) -> Vec<(String, Text)> {
    headers
        .iter()
        .map(|(name, value)| (name.to_string(), Text::of(value.as_bytes())))
        .collect()
}

fn headers(
    pairs: Vec<(String, Text)>,
) -> Result<HeaderMap, Box<dyn std::error::Error + Send + Sync>> {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        let value = HeaderValue::from_bytes(&value.into_bytes()?)?;
        headers.append(HeaderName::from_bytes(name.as_bytes())?, value);
    }
    Ok(headers)
}
