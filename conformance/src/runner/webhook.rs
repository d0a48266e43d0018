//! Waits for webhook deliveries. What they carry is open, and is not judged.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::routing::post;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use url::Url;

use crate::exchange::{Exchange, Failure, FailureKind, Request, Response};
use crate::lock::lock;

/// The most bytes of a webhook delivery that are read.
const MAX_DELIVERY: usize = 1 << 20;

/// A server for webhook deliveries on this machine. It ends when it is dropped.
pub(super) struct Listener {
    base: Url,
    inbox: Arc<Inbox>,
    task: JoinHandle<()>,
    started: Instant,
}

#[derive(Default)]
struct Inbox {
    deliveries: Mutex<Vec<Delivery>>,
    arrived: Notify,
}

#[derive(Clone)]
struct Delivery {
    path_and_query: String,
    headers: HeaderMap,
    body: Bytes,
    at: Instant,
}

impl Listener {
    /// Listens on `listen`. `base` is the URL under which the target reaches it, where that is another one; times count
    /// from `started`, as those of requests do.
    pub(super) async fn start(
        listen: SocketAddr,
        base: Option<Url>,
        started: Instant,
    ) -> io::Result<Self> {
        let listener = tokio::net::TcpListener::bind(listen).await?;
        let local = format!("http://{}/", listener.local_addr()?);
        let base = match base {
            Some(base) => base,
            None => Url::parse(&local).map_err(io::Error::other)?,
        };
        let inbox = Arc::new(Inbox::default());
        let app = Router::new()
            .fallback(post(receive))
            .layer(axum::extract::DefaultBodyLimit::max(MAX_DELIVERY))
            .with_state(inbox.clone());
        let task = tokio::spawn(async move {
            // Ends only with the task; without it, deliveries are never found, and that is reported.
            let _ = axum::serve(listener, app).await;
        });
        Ok(Self {
            base,
            inbox,
            task,
            started,
        })
    }

    /// What the URLs of webhooks begin with.
    pub(super) fn base(&self) -> &str {
        self.base.as_str()
    }

    /// Waits for a webhook delivery to `url`, and records that it came, or that it did not in the time `within`.
    pub(super) async fn delivery(&self, url: &str, within: Duration) -> Exchange {
        let since = Instant::now();
        let name = url.rsplit('/').next().unwrap_or_default();
        let found = tokio::time::timeout(within, async {
            loop {
                let arrived = self.inbox.arrived.notified();
                if let Some(delivery) = self.find(name) {
                    return delivery;
                }
                arrived.await;
            }
        })
        .await;
        let (headers, body, at, outcome) = match found {
            Ok(delivery) => (
                delivery.headers,
                delivery.body,
                delivery.at,
                Ok(Response::new(
                    StatusCode::OK,
                    HeaderMap::new(),
                    Bytes::new(),
                )),
            ),
            Err(_) => (
                HeaderMap::new(),
                Bytes::new(),
                since,
                Err(Failure {
                    kind: FailureKind::Timeout,
                    status: None,
                    detail: format!("no POST within {within:?} after the job was over"),
                }),
            ),
        };
        Exchange {
            request: Request::new(http::Method::POST, url.to_owned(), headers, body),
            outcome,
            sent_after: at.saturating_duration_since(self.started),
            took: since.elapsed(),
        }
    }

    fn find(&self, name: &str) -> Option<Delivery> {
        lock(&self.inbox.deliveries)
            .iter()
            .find(|delivery| delivery.path_and_query.ends_with(&format!("/{name}")))
            .cloned()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn receive(
    State(inbox): State<Arc<Inbox>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let delivery = Delivery {
        path_and_query: uri
            .path_and_query()
            .map(ToString::to_string)
            .unwrap_or_default(),
        headers,
        body,
        at: Instant::now(),
    };
    lock(&inbox.deliveries).push(delivery);
    inbox.arrived.notify_waiters();
    StatusCode::OK
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The times of a run are compared with each other: all are counted from the same moment.
    #[tokio::test]
    async fn deliveries_are_timed_from_the_start_of_the_run() {
        let before = Duration::from_secs(1);
        let started = Instant::now().checked_sub(before);
        let started = started.expect("the machine runs for longer than that");
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let listener = Listener::start(listen, None, started).await;
        let listener = listener.expect("a port is free");
        let url = format!("{}x", listener.base());
        let delivery = listener.delivery(&url, Duration::ZERO).await;
        assert!(delivery.outcome.is_err());
        assert!(delivery.sent_after >= before, "{:?}", delivery.sent_after);
    }
}
