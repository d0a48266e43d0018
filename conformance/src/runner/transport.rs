//! Sends one request and records the exchange: the key is put in here and nowhere else, bodies are read
//! with a bound, and whatever goes wrong becomes a [`Failure`]. Pace, budget and retries live elsewhere.

use std::time::{Duration, Instant};

use bytes::BytesMut;
use http::{HeaderValue, header};
use reqwest::redirect;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::causes::with_causes;
use crate::contract::request::Credential;
use crate::exchange::{Destination, Exchange, Failure, FailureKind, Request, Response};
use crate::tls::tls;

/// The most bytes of a response that are read, after decompression.
pub const MAX_BODY: usize = 4 << 20;

/// The same for a results file, as it comes.
const MAX_FILE: usize = 64 << 20;

/// A server, and how to talk to it.
pub(super) struct Transport {
    http: reqwest::Client,
    /// For files: they stay packed, whatever their headers say.
    files: reqwest::Client,
    /// For files on this machine.
    local_files: reqwest::Client,
    base: Url,
    authorization: HeaderValue,
    timeout: Duration,
    started: Instant,
}

/// Why no transport could be made.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The key is not one that HTTP can carry.
    #[error(
        "the key in CRUSTDATA_API_KEY can't be sent in a header: use printable ASCII, without line breaks"
    )]
    Key(#[source] header::InvalidHeaderValue),
    /// The HTTP client could not be set up.
    #[error("the HTTP client can't be set up")]
    Client(#[source] reqwest::Error),
    /// The TLS library could not be set up.
    #[error("TLS can't be set up; are the system's CA certificates installed?")]
    Tls(#[source] rustls::Error),
}

impl Transport {
    /// A transport to `base`, whose path, if any, comes before that of each request. `timeout` bounds a
    /// whole exchange. Connections are kept only to the embedded mock: a server that closes an idle one without a word
    /// would look as if it had dropped the next request. A proxy that the environment names is used, but never for
    /// what is on this machine.
    ///
    /// # Errors
    ///
    /// When the key can't be sent, or the HTTP client can't be made.
    pub(super) fn new(
        base: Url,
        key: &SecretString,
        timeout: Duration,
        embedded: bool,
    ) -> Result<Self, TransportError> {
        let mut authorization = HeaderValue::try_from(format!("Bearer {}", key.expose_secret()))
            .map_err(TransportError::Key)?;
        authorization.set_sensitive(true);
        let tls = tls(base.scheme(), embedded).map_err(TransportError::Tls)?;
        let client = |gzip: bool, proxied: bool| {
            let mut client = reqwest::Client::builder()
                .tls_backend_preconfigured(tls.clone())
                .redirect(redirect::Policy::none())
                .gzip(gzip)
                .user_agent(concat!("crustdata-conformance/", env!("CARGO_PKG_VERSION")));
            if !embedded {
                client = client.pool_max_idle_per_host(0);
            }
            if !proxied {
                client = client.no_proxy();
            }
            client.build().map_err(TransportError::Client)
        };
        Ok(Self {
            http: client(true, !is_loopback(&base))?,
            files: client(false, true)?,
            local_files: client(false, false)?,
            base,
            authorization,
            timeout,
            started: Instant::now(),
        })
    }

    /// When the run was started; all times count from here.
    pub(super) fn started(&self) -> Instant {
        self.started
    }

    /// Sends `request` and waits for the whole response. Only what goes to the API carries the key,
    /// where the request has its placeholder.
    pub(super) async fn exchange(&self, request: Request) -> Exchange {
        let sent = Instant::now();
        let outcome = match tokio::time::timeout(self.timeout, self.send(&request)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Failure {
                kind: FailureKind::Timeout,
                status: None,
                detail: format!("no whole response in {:?}", self.timeout),
            }),
        };
        Exchange {
            sent_after: sent - self.started,
            took: sent.elapsed(),
            request,
            outcome,
        }
    }

    async fn send(&self, request: &Request) -> Result<Response, Failure> {
        let mut headers = request.headers.clone();
        let (http, url, most) = match &request.destination {
            Destination::Outside(address) => {
                let local = Url::parse(address).is_ok_and(|url| is_loopback(&url));
                let files = if local {
                    &self.local_files
                } else {
                    &self.files
                };
                (files, address.clone(), MAX_FILE)
            }
            Destination::Api { path_and_query } => {
                if Credential::of(&headers) == Credential::Configured {
                    headers.insert(header::AUTHORIZATION, self.authorization.clone());
                }
                let base = self.base.as_str().trim_end_matches('/');
                (&self.http, format!("{base}{path_and_query}"), MAX_BODY)
            }
        };
        let mut response = http
            .request(request.method.clone(), url)
            .headers(headers)
            .body(request.body.clone())
            .send()
            .await
            .map_err(|error| failure(error, None))?;
        let status = response.status();
        let mut body = BytesMut::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| failure(error, Some(status)))?
        {
            if body.len() + chunk.len() > most {
                return Err(Failure {
                    kind: FailureKind::TooLarge,
                    status: Some(status),
                    detail: format!("a body of more than {most} bytes"),
                });
            }
            body.extend_from_slice(&chunk);
        }
        let headers = std::mem::take(response.headers_mut());
        Ok(Response::new(status, headers, body.freeze()))
    }
}

fn failure(error: reqwest::Error, status: Option<http::StatusCode>) -> Failure {
    let kind = if error.is_connect() {
        FailureKind::Connect
    } else {
        FailureKind::Broken
    };
    Failure {
        kind,
        status,
        detail: with_causes(&error.without_url()),
    }
}

/// Whether a URL is that of this machine, which no proxy reaches and nobody bills.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// A client for what is on this machine: it follows no redirect and asks no proxy.
pub(crate) fn local() -> Result<reqwest::Client, TransportError> {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls("http", true).map_err(TransportError::Tls)?)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .gzip(false)
        .build()
        .map_err(TransportError::Client)
}
