//! Waits for the notices that a server sends to webhooks. What they carry is open, and so is not looked at.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
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

/// The most bytes of a notice that are read.
const MAX_NOTICE: usize = 1 << 20;

/// A server for notices on this machine. It ends when it is dropped.
pub(super) struct Listener {
    base: Url,
    inbox: Arc<Inbox>,
    task: JoinHandle<()>,
    started: Instant,
}

#[derive(Default)]
struct Inbox {
    notices: Mutex<Vec<Notice>>,
    arrived: Notify,
}

#[derive(Clone)]
struct Notice {
    path: String,
    headers: HeaderMap,
    body: Bytes,
    at: Instant,
}

impl Listener {
    /// Listens on `listen`. `base` is the URL under which the target reaches it, where that is another one.
    pub(super) async fn start(listen: SocketAddr, base: Option<Url>) -> io::Result<Self> {
        let listener = tokio::net::TcpListener::bind(listen).await?;
        let local = format!("http://{}/", listener.local_addr()?);
        let base = match base {
            Some(base) => base,
            None => Url::parse(&local).map_err(io::Error::other)?,
        };
        let inbox = Arc::new(Inbox::default());
        let app = Router::new()
            .fallback(post(receive))
            .layer(axum::extract::DefaultBodyLimit::max(MAX_NOTICE))
            .with_state(inbox.clone());
        let task = tokio::spawn(async move {
            // Ends only with the task; without it, notices are waited for in vain, and that is reported.
            let _ = axum::serve(listener, app).await;
        });
        Ok(Self {
            base,
            inbox,
            task,
            started: Instant::now(),
        })
    }

    /// The webhook of the job that `name` stands for.
    pub(super) fn url(&self, name: &str) -> String {
        format!("{}/{name}", self.base.as_str().trim_end_matches('/'))
    }

    /// Waits for a notice to `url`, and records that it came, or that it did not in the time `within`.
    pub(super) async fn notice(&self, url: &str, within: Duration) -> Exchange {
        let since = Instant::now();
        let name = url.rsplit('/').next().unwrap_or_default();
        let found = tokio::time::timeout(within, async {
            loop {
                let arrived = self.inbox.arrived.notified();
                if let Some(notice) = self.find(name) {
                    return notice;
                }
                arrived.await;
            }
        })
        .await;
        let (headers, body, at, outcome) = match found {
            Ok(notice) => (
                notice.headers,
                notice.body,
                notice.at,
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

    fn find(&self, name: &str) -> Option<Notice> {
        let notices = self.inbox.notices.lock();
        let notices = notices.unwrap_or_else(PoisonError::into_inner);
        notices
            .iter()
            .find(|notice| notice.path.ends_with(&format!("/{name}")))
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
    let notice = Notice {
        path: uri.path().to_owned(),
        headers,
        body,
        at: Instant::now(),
    };
    let notices = inbox.notices.lock();
    notices.unwrap_or_else(PoisonError::into_inner).push(notice);
    inbox.arrived.notify_waiters();
    StatusCode::OK
}
