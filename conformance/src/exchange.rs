//! An exchange: one request as it was sent and what came back, bytes and times. Everything that judges
//! looks at these and at nothing else. Who sends them, and why, is not known here; what comes back is in `response`.
//!
//! The key never gets in here: a request that carries it is recorded with [`KEY_PLACEHOLDER`] instead.

pub(crate) mod rate;
mod response;

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use serde_json::Value;

use crate::contract::expectation::Expectation;
use crate::contract::request::{Body, Credential, Items, Operation, Version, query_value};
pub use crate::contract::request::{Destination, KEY_PLACEHOLDER};
use crate::generated::contract::submit::identifiers;
pub use response::{Failure, FailureKind, Response};

/// One request and what came of it.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The request as it was sent, but for the key.
    pub request: Request,
    /// The response, or why there is none that can be read.
    pub outcome: Result<Response, Failure>,
    /// From the start of the run to the sending.
    pub sent_after: Duration,
    /// From the sending to the last byte of the response.
    pub took: Duration,
}

impl Exchange {
    /// Stands for an exchange where there was none.
    pub(crate) fn nothing(why: &str) -> Self {
        let nowhere = Destination::Outside("(nothing)".to_owned());
        Self {
            request: Request::new(Method::GET, nowhere, HeaderMap::new(), Bytes::new()),
            outcome: Err(Failure {
                kind: FailureKind::Connect,
                status: None,
                detail: why.to_owned(),
            }),
            sent_after: Duration::ZERO,
            took: Duration::ZERO,
        }
    }

    /// The status of the response, also of one whose body could not be read.
    pub fn status(&self) -> Option<StatusCode> {
        match &self.outcome {
            Ok(response) => Some(response.status),
            Err(failure) => failure.status,
        }
    }

    /// Whether the response is of the 2xx class.
    pub fn accepted(&self) -> bool {
        self.status().is_some_and(|status| status.is_success())
    }

    /// The JSON object of a 2xx response, where it is one.
    pub fn accepted_object(&self) -> Option<&serde_json::Map<String, Value>> {
        match &self.outcome {
            Ok(response) if response.status.is_success() => response.json()?.as_object(),
            _ => None,
        }
    }

    /// Whether this is a read without a whole response, since the connection broke or nothing came in time. A network
    /// does that now and then, so it is held against a server only when the same read is cut off again.
    pub fn is_cut_read(&self) -> bool {
        let cut =
            |failure: &Failure| matches!(failure.kind, FailureKind::Broken | FailureKind::Timeout);
        self.request.method == Method::GET && self.outcome.as_ref().is_err_and(cut)
    }

    /// Whether the server turned the request away for now, without a word on what it deserves: 429 or 503.
    pub fn throttled(&self) -> bool {
        matches!(
            self.status(),
            Some(StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE)
        )
    }
}

/// A request as it was sent.
#[derive(Debug, Clone)]
pub struct Request {
    /// HTTP method.
    pub method: Method,
    /// Where it goes.
    pub destination: Destination,
    /// Headers that the suite chose, the key replaced by [`KEY_PLACEHOLDER`].
    pub headers: HeaderMap,
    /// Body; empty where none was sent.
    pub body: Bytes,
    /// What is looked at again and again is read once.
    operation: OnceLock<(Operation<'static>, Range<usize>)>,
    credential: OnceLock<Credential>,
    version: OnceLock<Version>,
    read: OnceLock<Arc<Body>>,
    expectation: OnceLock<Expectation>,
}

impl Request {
    /// A request from its parts.
    pub fn new(
        method: Method,
        destination: impl Into<Destination>,
        headers: HeaderMap,
        body: Bytes,
    ) -> Self {
        Self {
            method,
            destination: destination.into(),
            headers,
            body,
            operation: OnceLock::new(),
            credential: OnceLock::new(),
            version: OnceLock::new(),
            read: OnceLock::new(),
            expectation: OnceLock::new(),
        }
    }

    /// The same request, to be sent once more.
    pub fn again(&self) -> Self {
        Self::new(
            self.method.clone(),
            self.destination.clone(),
            self.headers.clone(),
            self.body.clone(),
        )
    }

    /// Puts these in the place of what the request has, where they are given. What it says is read anew then.
    pub(crate) fn put(
        &mut self,
        destination: Option<Destination>,
        headers: Option<HeaderMap>,
        body: Option<Bytes>,
    ) {
        if let Some(destination) = destination {
            self.destination = destination;
        }
        if let Some(headers) = headers {
            self.headers = headers;
        }
        if let Some(body) = body {
            self.body = body;
        }
        self.operation.take();
        self.credential.take();
        self.version.take();
        self.read.take();
        self.expectation.take();
    }

    /// Which operation of the API the request calls.
    pub fn operation(&self) -> Operation<'_> {
        let read = || Operation::of(&self.method, &self.destination).apart();
        let (operation, named) = self.operation.get_or_init(read);
        // Nothing, where the destination was changed since.
        let named = self.destination.as_str().get(named.clone());
        operation.naming(named.unwrap_or_default())
    }

    /// Whose credential it carries.
    pub fn credential(&self) -> Credential {
        *self
            .credential
            .get_or_init(|| Credential::of(&self.headers))
    }

    /// Which version it asks for.
    pub fn version(&self) -> Version {
        *self.version.get_or_init(|| Version::of(&self.headers))
    }

    /// What its body is.
    pub fn read(&self) -> &Body {
        self.read.get_or_init(|| Body::of(&self.body).into())
    }

    /// The value of a parameter in the query of a request to the API, as it stands there.
    pub fn query_value(&self, name: &str) -> Option<&str> {
        let Destination::Api { path_and_query } = &self.destination else {
            return None;
        };
        query_value(path_and_query, name)
    }

    /// What the request deserves by the contract, decided from its bytes.
    pub fn expectation(&self) -> &Expectation {
        self.expectation.get_or_init(|| {
            let (operation, credential) = (self.operation(), self.credential());
            Expectation::of(
                operation,
                credential,
                self.version(),
                self.read(),
                &self.body,
            )
        })
    }
}

impl fmt::Display for Request {
    /// The request in a few words: what a submission names, otherwise method and path.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.destination)?;
        if self.body.is_empty() {
            return Ok(());
        }
        let Body::Object(object) = self.read() else {
            return write!(f, ", body {}", String::from_utf8_lossy(&self.body));
        };
        for (key, value) in object {
            match Items::of(value) {
                Some(items) if key == identifiers::KEY => {
                    let form = if items.as_string {
                        "in a string"
                    } else {
                        "in a list"
                    };
                    let s = if items.items.len() == 1 { "" } else { "s" };
                    write!(f, ", {} identifier{s} {form}", items.items.len())?;
                }
                _ => write!(f, ", {key} {value}")?,
            }
        }
        Ok(())
    }
}

/// When the last byte of the response came, in microseconds: the unit of a recording, so that one is judged as its
/// run was.
pub fn ended(exchange: &Exchange) -> u128 {
    exchange.sent_after.as_micros() + exchange.took.as_micros()
}
