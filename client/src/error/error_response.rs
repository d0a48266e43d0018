//! The body of a response that is not a success, read leniently: what the provider documents, the flat 401, and
//! whatever a proxy in between may respond.

use std::fmt;
use std::time::Duration;

use serde_json::Value;

use crate::excerpt::{excerpt, excerpt_of};
use crate::generated::contract::status_code;
use crate::response::RawResponse;

/// Most names of fields that are kept: far more than there are fields.
const NAMES_MAX: usize = 100;

/// What a response that is not a success said. Long texts are kept in part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorResponse {
    status: u16,
    kind: Option<String>,
    message: Option<String>,
    denied_fields: Vec<String>,
    available_fields: Vec<String>,
    retry_after: Option<Duration>,
    body_excerpt: String,
}

impl ErrorResponse {
    pub(super) fn new(response: &RawResponse) -> Self {
        let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
        // A 401 may be flat.
        let error = body
            .get("error")
            .filter(|error| error.is_object())
            .unwrap_or(&body);
        let text = |name| Some(excerpt(error.get(name)?.as_str()?));
        let names = |name| {
            named_in(error.get("metadata"), name)
                .map(excerpt)
                .take(NAMES_MAX)
                .collect()
        };
        Self {
            status: response.status().as_u16(),
            kind: text("type"),
            message: text("message"),
            denied_fields: names("denied_fields"),
            available_fields: names("available_fields"),
            retry_after: response.wait(),
            body_excerpt: excerpt_of(response.body()),
        }
    }

    /// HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The body's `type`, such as `insufficient_credits`. The values are not documented: decide by the status.
    pub fn kind(&self) -> Option<&str> {
        self.kind.as_deref()
    }

    /// The body's `message`, for people.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// Fields that the account may not have, after a 403.
    pub fn denied_fields(&self) -> &[String] {
        &self.denied_fields
    }

    /// Fields that the API supports, after a 400 for one that it doesn't.
    pub fn available_fields(&self) -> &[String] {
        &self.available_fields
    }

    /// How long the server asks to wait: until the rate limit has room again or, after a 429, the longer of that and
    /// `Retry-After`; after a 503 with it, `Retry-After` alone. After a 429 for too many active jobs, it is one of these that
    /// must finish first.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// The beginning of the body.
    pub fn body_excerpt(&self) -> &str {
        &self.body_excerpt
    }
}

/// The strings listed under `name` in metadata, which is an object or a list of objects.
fn named_in<'a>(metadata: Option<&'a Value>, name: &'a str) -> impl Iterator<Item = &'a str> {
    let objects = match metadata {
        Some(Value::Array(items)) => items.as_slice(),
        Some(object) => std::slice::from_ref(object),
        None => &[],
    };
    let lists = objects
        .iter()
        .filter_map(move |object| object.get(name)?.as_array());
    lists.flatten().filter_map(Value::as_str)
}

impl fmt::Display for ErrorResponse {
    /// Quotes what the server said, so that line ends and control characters in it stay visible.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        match (&self.kind, &self.message) {
            (Some(kind), Some(message)) => write!(f, ", {kind:?}: {message:?}")?,
            (Some(text), None) | (None, Some(text)) => write!(f, ", {text:?}")?,
            (None, None) if self.body_excerpt.is_empty() => f.write_str(" without a body")?,
            (None, None) => write!(f, " with {:?}", self.body_excerpt)?,
        }
        for (what, names) in [
            ("denied", &self.denied_fields),
            ("available", &self.available_fields),
        ] {
            if !names.is_empty() {
                write!(f, ", {what} fields: {names:?}")?;
            }
        }
        match self.retry_after {
            // Other responses may carry the header too, where it says nothing about them.
            Some(wait) if self.status == status_code::TOO_MANY_REQUESTS => {
                write!(f, ", room again in {} s", wait.as_secs())
            }
            _ => Ok(()),
        }
    }
}
