//! The POST to a job's webhook, sent when the job becomes final. To this machine only: a URL that names any
//! other host, such as the document's example, is never contacted.

use std::error::Error;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::{Method, Request};
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use url::{Host, Position, Url};

use crate::generated::contract::media_type;
use crate::jobs::{Job, Phase};

/// How long a receiver may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// One call of a webhook.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) content_type: &'static str,
    pub(crate) body: String,
    /// How often it is sent.
    pub(crate) times: u32,
    /// How long to wait first, in real time.
    pub(crate) delay: Duration,
}

impl Delivery {
    /// Says that a job has reached a phase; nothing if no one wants to hear it.
    pub(crate) fn of(job: &Job, phase: Phase) -> Option<Self> {
        Some(Self {
            method: Method::POST,
            url: job.webhook_url.clone()?,
            content_type: media_type::JSON,
            body: json!({"batch_id": job.id, "status": phase.status()}).to_string(),
            times: 1,
            delay: Duration::ZERO,
        })
    }
}

/// Sends announcements in tasks of the server, which end with it.
pub(crate) struct Webhooks {
    runtime: Handle,
}

impl Webhooks {
    pub(crate) fn new(runtime: Handle) -> Self {
        Self { runtime }
    }

    /// Sends one delivery. What comes of it changes nothing, as with a provider that has given up.
    pub(crate) fn send(&self, delivery: Delivery) {
        if !is_local(&delivery.url) {
            return;
        }
        self.runtime.spawn(async move {
            tokio::time::sleep(delivery.delay).await;
            for _ in 0..delivery.times {
                // A receiver that can't be reached is none of the server's business.
                let _ = tokio::time::timeout(TIMEOUT, deliver(&delivery)).await;
            }
        });
    }
}

/// Sends a delivery once, over a connection of its own. It follows no redirect, and it is over when the
/// response's head is there.
async fn deliver(delivery: &Delivery) -> Result<(), Box<dyn Error + Send + Sync>> {
    let url = &delivery.url;
    let authority = &url[Position::BeforeHost..Position::AfterPort];
    let port = url.port_or_known_default().ok_or("a URL without a port")?;
    let stream = match url.host().ok_or("a URL without a host")? {
        Host::Ipv4(address) => TcpStream::connect((address, port)).await?,
        Host::Ipv6(address) => TcpStream::connect((address, port)).await?,
        Host::Domain(name) => TcpStream::connect((name, port)).await?,
    };
    let request = Request::builder()
        .method(delivery.method.clone())
        .uri(&url[Position::BeforePath..Position::AfterQuery])
        .header(HOST, authority)
        .header(CONTENT_TYPE, delivery.content_type)
        .body(Full::new(Bytes::from(delivery.body.clone())))?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let response = async {
        let response = sender.send_request(request).await;
        drop(sender);
        response.map(drop)
    };
    let (response, connection) = tokio::join!(response, connection);
    response?;
    Ok(connection?)
}

fn is_local(url: &Url) -> bool {
    url.scheme() == "http"
        && match url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        }
}

#[cfg(test)]
mod tests {
    use super::is_local;
    use crate::generated::contract;

    #[test]
    fn only_this_machine_is_called() {
        let check = |url: &str| is_local(&url.parse().expect("a URL"));
        for url in [
            "http://127.0.0.1:8080/hook",
            "http://127.9.9.9/",
            "http://[::1]:80/",
            "http://localhost/hook",
        ] {
            assert!(check(url), "{url}");
        }
        for url in [
            contract::submit::webhook_url::EXAMPLE,
            "https://127.0.0.1/",
            "http://10.0.0.1/",
            "http://localhost.example.com/",
            "http://127.0.0.1.example.com/",
            "ftp://localhost/",
            "mailto:nobody@localhost",
        ] {
            assert!(!check(url), "{url}");
        }
    }
}
