//! The requests that an instance has received, kept for the test that asks for them; the oldest go first.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::{HeaderMap, Method, Uri, header};

/// Most requests that are kept.
const REQUESTS_MAX: usize = 1000;
/// Most bytes of bodies that are kept.
const BYTES_MAX: usize = 16 * 1024 * 1024;

/// One request as it was received, whatever the response was.
#[derive(Clone)]
#[non_exhaustive]
pub struct ReceivedRequest {
    /// Its method.
    pub method: Method,
    /// Its path, without the query.
    pub path: String,
    /// Its query, without the question mark; `None` if it has none.
    pub query: Option<String>,
    /// Its headers, the key among them.
    pub headers: HeaderMap,
    /// Its body; empty if it has none, broke off or was too long.
    pub body: Bytes,
}

impl ReceivedRequest {
    pub(crate) fn new(method: Method, uri: &Uri, mut headers: HeaderMap, body: Bytes) -> Self {
        if let Some(key) = headers.get_mut(header::AUTHORIZATION) {
            // Somebody's real key must not show in the output of a test.
            key.set_sensitive(true);
        }
        Self {
            method,
            path: uri.path().to_owned(),
            query: uri.query().map(str::to_owned),
            headers,
            body,
        }
    }

    /// The body as JSON.
    ///
    /// # Errors
    ///
    /// If the body is not JSON.
    pub fn json(&self) -> serde_json::Result<serde_json::Value> {
        serde_json::from_slice(&self.body)
    }
}

/// Shows the key as `Sensitive`, and a download link without the query that opens it.
impl fmt::Debug for ReceivedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceivedRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("headers", &self.headers)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

/// The most recent requests.
#[derive(Debug, Default)]
pub(crate) struct Received {
    requests: VecDeque<Arc<ReceivedRequest>>,
    bytes: usize,
}

impl Received {
    pub(crate) fn add(&mut self, request: Arc<ReceivedRequest>) {
        self.bytes += request.body.len();
        self.requests.push_back(request);
        while self.requests.len() > REQUESTS_MAX || self.bytes > BYTES_MAX {
            let Some(oldest) = self.requests.pop_front() else {
                break;
            };
            self.bytes -= oldest.body.len();
        }
    }

    /// Oldest first.
    pub(crate) fn all(&self) -> Vec<ReceivedRequest> {
        let requests = self.requests.iter();
        requests.map(|request| (**request).clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(number: usize, length: usize) -> Arc<ReceivedRequest> {
        let uri = Uri::from_static("/batch?limit=1");
        let mut request =
            ReceivedRequest::new(Method::GET, &uri, HeaderMap::new(), vec![0; length].into());
        request.path = number.to_string();
        Arc::new(request)
    }

    #[test]
    fn the_oldest_go_when_there_are_too_many() {
        let mut received = Received::default();
        for number in 0..=REQUESTS_MAX {
            received.add(request(number, 1));
        }
        let kept = received.all();
        assert_eq!((kept.len(), &*kept[0].path), (REQUESTS_MAX, "1"));
    }

    #[test]
    fn the_oldest_go_when_they_are_too_long() {
        let mut received = Received::default();
        for number in 0..3 {
            received.add(request(number, BYTES_MAX / 2));
        }
        let kept = received.all();
        assert_eq!((kept.len(), &*kept[0].path), (2, "1"));
    }
}
