//! Setting up a client: where the API is, who calls it, and over which connections.

use std::env::{self, VarError};
use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;
use url::Url;

use crate::api_key::{ApiKey, InvalidApiKey};
use crate::client::{Client, Shared};
use crate::generated::contract::BASE_URL;

/// Environment variable with the API key.
const API_KEY_VARIABLE: &str = "CRUSTDATA_API_KEY";
/// Environment variable with the base URL.
const BASE_URL_VARIABLE: &str = "CRUSTDATA_BASE_URL";
/// Time for a connection to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Time for a call as a whole. A submission that times out may still be accepted, so it is generous.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Collects the settings of a [`Client`]; checks them in [`build`](Self::build).
#[derive(Clone, Debug, Default)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder {
    api_key: Option<ApiKey>,
    base_url: Option<String>,
    http_client: Option<reqwest::Client>,
    connect_timeout: Option<Duration>,
    timeout: Option<Duration>,
}

impl ClientBuilder {
    /// Starts from `CRUSTDATA_API_KEY` and `CRUSTDATA_BASE_URL`; the latter may be missing.
    ///
    /// # Errors
    ///
    /// When the key is missing or can't be a key.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_variables(|name| env::var(name))
    }

    fn from_variables(
        variable: impl Fn(&str) -> Result<String, VarError>,
    ) -> Result<Self, ConfigError> {
        // The variable's value must not get into the error, as it would with `VarError`.
        let read = |name| match variable(name) {
            Ok(value) => Ok(Some(value)),
            Err(VarError::NotPresent) => Ok(None),
            Err(VarError::NotUnicode(_)) => Err(ConfigError::NotUnicode { name }),
        };
        Ok(Self {
            api_key: read(API_KEY_VARIABLE)?.map(ApiKey::new).transpose()?,
            base_url: read(BASE_URL_VARIABLE)?.filter(|url| !url.is_empty()),
            ..Self::default()
        })
    }

    /// The account's key; required.
    pub fn api_key(mut self, key: ApiKey) -> Self {
        self.api_key = Some(key);
        self
    }

    /// Where the API is: an http or https URL, with a path if the API sits below one. The live API, if not set.
    ///
    /// The key is sent there. With http it goes unencrypted, which is meant for servers on this machine.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Time for a connection to be made: 10 seconds, if not set. Has no effect on a client given to
    /// [`http_client`](Self::http_client).
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// Time for a call as a whole, body included: 60 seconds, if not set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sends requests through this client instead of one made here.
    ///
    /// Turn off its redirects and retries, as the one made here does: the key belongs to the API alone, and a
    /// submission must not be sent twice.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
        self
    }

    /// Checks the settings. Sends nothing.
    ///
    /// # Errors
    ///
    /// When the key is missing, the base URL can't be used, or TLS can't be set up.
    pub fn build(self) -> Result<Client, ConfigError> {
        let key = self.api_key.ok_or(ConfigError::MissingApiKey)?;
        let base_url = parse_base_url(self.base_url.as_deref().unwrap_or(BASE_URL))?;
        let http = match self.http_client {
            Some(client) => client,
            None => http_client(&base_url, self.connect_timeout.unwrap_or(CONNECT_TIMEOUT))?,
        };
        Ok(Client::new(Shared {
            base_url: base_url.as_str().trim_end_matches('/').to_owned(),
            http,
            key,
            timeout: self.timeout.unwrap_or(TIMEOUT),
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

fn http_client(base_url: &Url, connect_timeout: Duration) -> Result<reqwest::Client, ConfigError> {
    reqwest::Client::builder()
        .user_agent(concat!(
            env!("CARGO_PKG_NAME"),
            "/",
            env!("CARGO_PKG_VERSION")
        ))
        .connect_timeout(connect_timeout)
        // The key goes to the API's own origin only, and a submission is sent once.
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .tls_backend_preconfigured(tls(base_url)?)
        .build()
        .map_err(|error| ConfigError::HttpClient(error.into()))
}

/// TLS with ring, whatever cryptography the process has chosen for itself, which stays untouched.
fn tls(base_url: &Url) -> Result<ClientConfig, ConfigError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| ConfigError::Tls(error.into()))?;
    let config = if base_url.scheme() == "https" {
        config
            .with_platform_verifier()
            .map_err(|error| ConfigError::Tls(error.into()))?
    } else {
        // Plain http must work on a machine without certificates, where the platform's verifier does not.
        config.with_root_certificates(RootCertStore::empty())
    };
    Ok(config.with_no_client_auth())
}

/// Why a client can't be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// No key was given.
    #[error("there is no API key: set {API_KEY_VARIABLE}, or give one to `ClientBuilder::api_key`")]
    MissingApiKey,
    /// What was given as a key can't be one.
    #[error(transparent)]
    ApiKey(#[from] InvalidApiKey),
    /// The base URL can't be used.
    #[error(
        "the base URL {reason}: give an http or https URL without user name, query and fragment, such as {BASE_URL}"
    )]
    BaseUrl {
        /// What is wrong with it.
        reason: String,
    },
    /// An environment variable is not text.
    #[error("the environment variable {name} is not valid Unicode: set it again")]
    NotUnicode {
        /// The variable's name.
        name: &'static str,
    },
    /// The platform's certificates can't be used.
    #[error("TLS can't be set up: check that the system's CA certificates are installed")]
    Tls(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The HTTP client can't be set up.
    #[error("the HTTP client can't be set up")]
    HttpClient(#[source] Box<dyn std::error::Error + Send + Sync>),
}

#[cfg(test)]
mod tests {
    //! Here and not with the integration tests, since setting variables of the process takes unsafe code.
    #![allow(clippy::unwrap_used)]

    use std::ffi::OsString;

    use super::*;

    fn from(variables: &[(&str, &str)]) -> Result<Client, ConfigError> {
        let find = |name: &str| {
            variables
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        };
        ClientBuilder::from_variables(|name| find(name).ok_or(VarError::NotPresent))?.build()
    }

    #[test]
    fn the_key_alone_calls_the_live_api() {
        assert_eq!(
            from(&[(API_KEY_VARIABLE, "k")]).unwrap().base_url(),
            BASE_URL
        );
        assert_eq!(
            from(&[(API_KEY_VARIABLE, "k"), (BASE_URL_VARIABLE, "")])
                .unwrap()
                .base_url(),
            BASE_URL
        );
    }

    #[test]
    fn the_base_url_can_be_set() {
        let client = from(&[
            (API_KEY_VARIABLE, "k"),
            (BASE_URL_VARIABLE, "http://127.0.0.1:1/api/"),
        ])
        .unwrap();
        assert_eq!(client.base_url(), "http://127.0.0.1:1/api");
    }

    #[test]
    fn a_missing_or_empty_key_is_an_error() {
        assert!(matches!(from(&[]), Err(ConfigError::MissingApiKey)));
        assert!(matches!(
            from(&[(API_KEY_VARIABLE, "")]),
            Err(ConfigError::ApiKey(InvalidApiKey::Empty))
        ));
    }

    #[test]
    fn a_key_that_is_no_text_is_not_shown() {
        let unreadable = |_: &str| Err(VarError::NotUnicode(OsString::from("sk-secret")));
        let error = ClientBuilder::from_variables(unreadable).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("sk-secret"));
    }
}
