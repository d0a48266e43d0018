//! What an instance tells of each exchange, whole, to whoever judges its clients.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use url::Url;

use crate::received::ReceivedRequest;

/// One exchange as the instance saw it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Exchanged {
    /// The request.
    pub request: Arc<ReceivedRequest>,
    /// Root of the origin that it came to: the API's, or the store's.
    pub origin: Url,
    /// When it had come, body and all.
    pub received: Instant,
    /// From then to the sending of the response.
    pub took: Duration,
    /// The response; `None` where none was sent, or its client did not wait for it.
    pub response: Option<Answer>,
}

/// A response.
#[derive(Debug)]
#[non_exhaustive]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers, but for those of the connection.
    pub headers: HeaderMap,
    /// Its body, with any content coding undone; `None` where it broke off.
    pub body: Option<Bytes>,
}

/// Root of the origin that a request came to.
#[derive(Debug, Clone)]
pub(crate) struct Origin(pub(crate) Url);

/// What is called with each exchange.
pub(crate) type Tap = Arc<dyn Fn(Exchanged) + Send + Sync>;

/// Tells of one exchange when it is over, also where its client goes away before.
pub(crate) struct Watch {
    tap: Option<Tap>,
    exchanged: Option<Exchanged>,
}

impl Watch {
    pub(crate) fn new(tap: Option<Tap>, request: Arc<ReceivedRequest>, origin: Url) -> Self {
        Self {
            exchanged: tap.is_some().then(|| Exchanged {
                request,
                origin,
                received: Instant::now(),
                took: Duration::ZERO,
                response: None,
            }),
            tap,
        }
    }

    /// Notes the response.
    pub(crate) fn answer(&mut self, status: StatusCode, headers: &HeaderMap, body: Option<Bytes>) {
        if let Some(exchanged) = &mut self.exchanged {
            exchanged.response = Some(Answer {
                status,
                headers: headers.clone(),
                body,
            });
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let (Some(tap), Some(mut exchanged)) = (self.tap.take(), self.exchanged.take()) {
            exchanged.took = exchanged.received.elapsed();
            tap(exchanged);
        }
    }
}
