//! From settings to a client.

use std::num::NonZeroU32;

use secrecy::ExposeSecret;
use tokio::sync::Mutex;
use url::Url;

use super::ClientBuilder;
use crate::call::Requests;
use crate::clock::Clock;
use crate::config_error::ConfigError;
use crate::generated::contract::{BASE_URL, account, usage};
use crate::pacer::Pacer;
use crate::recent_ids::RecentIds;
use crate::shared::Shared;
use crate::{Client, tls};

/// How the client names itself.
const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

impl Client {
    /// Sets up a client; an API key is all it needs.
    ///
    /// ```
    /// use crustdata_batch::{ApiKey, Client};
    ///
    /// let client = Client::builder().api_key(ApiKey::new("k-123")?).build()?;
    /// # let _ = client;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// A client with the key in `CRUSTDATA_API_KEY`, for the API at `CRUSTDATA_BASE_URL` (the live one, if that
    /// is not set or empty).
    ///
    /// # Errors
    ///
    /// When there is no key, or when one of the two can't be what it should be.
    pub fn from_env() -> Result<Self, ConfigError> {
        ClientBuilder::from_env()?.build()
    }
}

impl ClientBuilder {
    /// Checks the settings. Sends nothing.
    ///
    /// # Errors
    ///
    /// When the key is missing, the base URL can't be used, or TLS can't be set up.
    pub fn build(self) -> Result<Client, ConfigError> {
        let key = self.api_key.ok_or(ConfigError::MissingApiKey)?;
        let base_url = self.base_url.as_ref();
        let base_url = parse_base_url(base_url.map_or(BASE_URL, |url| url.expose_secret()))?;
        let is_http_ours = self.http.is_none();
        let http = tls::http_clients(
            &base_url,
            self.connect_timeout,
            self.user_agent.as_deref().unwrap_or(USER_AGENT),
            &self.proxy,
            self.http.as_ref(),
        )?;
        let pacer = |pace| Pacer::new(pace, self.longest_wait, self.events.clone());
        // Who sets no pace sets none anywhere.
        let at_most = |limit| {
            self.requests_per_minute
                .and_then(|_| NonZeroU32::new(limit))
        };
        Ok(Client::new(Shared {
            api: Requests::new(base_url.clone(), http.for_url(&base_url).clone()),
            #[cfg(feature = "results")]
            download_http: http,
            #[cfg(feature = "results")]
            results_hosts: self.results_hosts,
            is_http_ours,
            key,
            timeout: self.timeout,
            submit_timeout: self.submit_timeout.unwrap_or(self.timeout),
            #[cfg(feature = "results")]
            download_idle_timeout: self.download_idle_timeout,
            #[cfg(feature = "results")]
            download_attempts: self.download_attempts,
            submit_attempts: self.submit_attempts,
            submit_backoff: self.submit_backoff,
            max_active_jobs: self.max_active_jobs,
            submitting: Mutex::default(),
            is_pace_ours: self.is_pace_ours,
            pacer: pacer(self.requests_per_minute),
            account_pacer: pacer(at_most(account::REQUESTS_PER_MINUTE)),
            usage_pacer: pacer(at_most(usage::REQUESTS_PER_MINUTE)),
            events: self.events,
            clock: Clock::default(),
            accepted_jobs: RecentIds::default(),
            settled_requests: RecentIds::default(),
            seen_jobs: RecentIds::default(),
        }))
    }
}

/// A URL that paths can be appended to, and that the key can be sent to.
fn parse_base_url(text: &str) -> Result<Url, ConfigError> {
    // The text is not repeated in the error: it may hold a password.
    let invalid = |reason: String| ConfigError::BaseUrl { reason };
    let url = Url::parse(text).map_err(|error| invalid(format!("is no URL ({error})")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(invalid(format!("has the scheme {:?}", url.scheme())));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid("has a user name or password".to_owned()));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(invalid("has a query or a fragment".to_owned()));
    }
    Ok(url)
}
