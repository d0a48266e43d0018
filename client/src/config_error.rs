//! Why a client can't be set up.

use crate::api_key::InvalidApiKey;
use crate::generated::contract::BASE_URL;

/// Environment variable with the API key.
pub(crate) const API_KEY_VARIABLE: &str = "CRUSTDATA_API_KEY";

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
    /// Neither TLS nor an HTTP client.
    #[error(
        "this build of the client has no TLS: turn on its feature `platform-verifier` or `webpki-roots`, or set \
         TLS up in `ClientBuilder::http`"
    )]
    NoTls,
    /// The platform's certificates can't be used.
    #[error("TLS can't be set up: check that the system's CA certificates are installed")]
    Tls(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The proxy can't be used.
    #[error(
        "the proxy is none that can be used: give an http or https URL to `ClientBuilder::proxy`"
    )]
    Proxy,
    /// The HTTP client can't be set up.
    #[error(
        "the HTTP client can't be set up: check the name given to `ClientBuilder::user_agent`, and what \
         `ClientBuilder::http` sets"
    )]
    HttpClient(#[source] Box<dyn std::error::Error + Send + Sync>),
}
