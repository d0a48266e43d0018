//! The POST to a job's webhook, sent when the job becomes final. To this machine only: a URL that names any
//! other host, such as the document's example, is never contacted.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::json;
use tokio::runtime::Handle;
use url::{Host, Url};

use super::jobs::{Job, Phase};

/// How long a receiver may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// One call of a webhook.
#[derive(Debug, Clone)]
pub(crate) struct Notice {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) content_type: &'static str,
    pub(crate) body: String,
    /// How often it is sent.
    pub(crate) times: u32,
    /// How long to wait first, in real time.
    pub(crate) delay: Duration,
}

impl Notice {
    /// Says that a job has reached a phase; nothing if no one wants to hear it.
    pub(crate) fn of(job: &Job, phase: Phase) -> Option<Self> {
        Some(Self {
            method: Method::POST,
            url: job.webhook_url.clone()?,
            content_type: "application/json",
            body: json!({"batch_id": job.id, "status": phase.status()}).to_string(),
            times: 1,
            delay: Duration::ZERO,
        })
    }
}

/// Sends announcements in tasks of the server, which end with it.
pub(crate) struct Webhooks {
    runtime: Handle,
    /// Made when the first announcement is due, since most instances never send one.
    client: OnceLock<Option<reqwest::Client>>,
}

impl Webhooks {
    pub(crate) fn new(runtime: Handle) -> Self {
        Self {
            runtime,
            client: OnceLock::new(),
        }
    }

    /// Sends one notice. What comes of it changes nothing, as with a provider that has given up.
    pub(crate) fn send(&self, notice: Notice) {
        if !is_local(&notice.url) {
            return;
        }
        let Some(client) = self.client.get_or_init(client).clone() else {
            return;
        };
        self.runtime.spawn(async move {
            tokio::time::sleep(notice.delay).await;
            for _ in 0..notice.times {
                let request = client
                    .request(notice.method.clone(), notice.url.clone())
                    .header(CONTENT_TYPE, notice.content_type)
                    .body(notice.body.clone());
                // A receiver that can't be reached is none of the server's business.
                let _ = request.send().await;
            }
        });
    }
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

/// A client that goes where it is sent and nowhere else. There is none if the system gives no sockets.
fn client() -> Option<reqwest::Client> {
    reqwest::Client::builder()
        .tls_backend_preconfigured(no_tls()?)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(TIMEOUT)
        .build()
        .ok()
}

/// A TLS set-up that trusts nobody. The client can't be built without one, though it only speaks plain HTTP.
fn no_tls() -> Option<rustls::ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .ok()?;
    Some(
        config
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth(),
    )
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
            contract::WEBHOOK_URL_EXAMPLE,
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
