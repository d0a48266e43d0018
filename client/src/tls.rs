//! The HTTP clients: TLS with aws-lc-rs, what the caller changes of them, and neither redirects nor retries whatever that
//! is. Which of them a request goes through is in `http_clients`.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret;
use url::Url;

use crate::config_error::ConfigError;
use crate::http_clients::{HttpClients, ProxySetting};

/// What a caller changes of the HTTP clients. Kept as it is, since reqwest's builder can't be cloned.
#[derive(Clone)]
pub(crate) struct Configure(
    Arc<dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync>,
);

impl Configure {
    pub(crate) fn new(
        configure: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(configure))
    }
}

impl fmt::Debug for Configure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Configure")
    }
}

/// The clients that send requests.
pub(crate) fn http_clients(
    base_url: &Url,
    connect_timeout: Duration,
    user_agent: &str,
    proxy: &ProxySetting,
    configure: Option<&Configure>,
) -> Result<HttpClients, ConfigError> {
    let tls = tls(base_url, configure.is_some())?;
    let build = |proxy: &ProxySetting| -> Result<reqwest::Client, ConfigError> {
        let builder = reqwest::Client::builder()
            .user_agent(user_agent)
            .connect_timeout(connect_timeout);
        let builder = with_tls(builder, &tls);
        let builder = match configure {
            Some(configure) => (configure.0)(builder),
            None => builder,
        };
        let builder = match proxy {
            ProxySetting::Environment => builder,
            ProxySetting::Direct => builder.no_proxy(),
            // The error would show the URL.
            ProxySetting::Url(url) => {
                let proxy = reqwest::Proxy::all(url.expose_secret());
                builder.proxy(proxy.map_err(|_| ConfigError::Proxy)?)
            }
        };
        builder
            // The key goes to the API's own origin only, and a submission is sent once.
            .redirect(reqwest::redirect::Policy::none())
            // Another crate may turn reqwest's unpacking on, and results are unpacked here.
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            // Without the zero, each request is copied for a retry that never comes.
            .retry(reqwest::retry::never().max_retries_per_request(0))
            .build()
            .map_err(|error| ConfigError::HttpClient(error.into()))
    };
    Ok(HttpClients {
        proxied: build(proxy)?,
        direct: build(&ProxySetting::Direct)?,
    })
}

/// TLS with aws-lc-rs, whatever cryptography the process has chosen for itself, which stays untouched.
#[cfg(any(feature = "platform-verifier", feature = "webpki-roots"))]
fn tls(base_url: &Url, _: bool) -> Result<rustls::ClientConfig, ConfigError> {
    use rustls::{ClientConfig, RootCertStore};

    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| ConfigError::Tls(error.into()))?;

    #[cfg(feature = "webpki-roots")]
    let config = {
        let _ = base_url;
        config.with_root_certificates(RootCertStore::from_iter(
            webpki_roots::TLS_SERVER_ROOTS.iter().cloned(),
        ))
    };
    #[cfg(not(feature = "webpki-roots"))]
    let config = match platform_verifier(provider) {
        Ok(verifier) => config
            .dangerous()
            .with_custom_certificate_verifier(verifier),
        // Plain http must work on a machine without certificates.
        Err(_) if base_url.scheme() == "http" => {
            config.with_root_certificates(RootCertStore::empty())
        }
        Err(error) => return Err(ConfigError::Tls(error.into())),
    };
    Ok(config.with_no_client_auth())
}

/// What the operating system trusts, read once: it takes milliseconds, and clients of plain http mostly do without.
#[cfg(all(feature = "platform-verifier", not(feature = "webpki-roots")))]
fn platform_verifier(
    provider: Arc<rustls::crypto::CryptoProvider>,
) -> Result<Arc<rustls_platform_verifier::Verifier>, rustls::Error> {
    use std::sync::OnceLock;

    use rustls_platform_verifier::Verifier;

    static VERIFIER: OnceLock<Arc<Verifier>> = OnceLock::new();
    if let Some(verifier) = VERIFIER.get() {
        return Ok(Arc::clone(verifier));
    }
    let new = Arc::new(Verifier::new(provider)?);
    Ok(Arc::clone(VERIFIER.get_or_init(|| new)))
}

#[cfg(any(feature = "platform-verifier", feature = "webpki-roots"))]
fn with_tls(
    builder: reqwest::ClientBuilder,
    config: &rustls::ClientConfig,
) -> reqwest::ClientBuilder {
    builder.tls_backend_preconfigured(config.clone())
}

/// The caller's own TLS.
#[cfg(not(any(feature = "platform-verifier", feature = "webpki-roots")))]
struct Callers;

/// Without a feature for TLS the caller sets it up: whether reqwest could is up to other crates' features, and it panics
/// where it can't.
#[cfg(not(any(feature = "platform-verifier", feature = "webpki-roots")))]
fn tls(_: &Url, is_configured: bool) -> Result<Callers, ConfigError> {
    is_configured.then_some(Callers).ok_or(ConfigError::NoTls)
}

#[cfg(not(any(feature = "platform-verifier", feature = "webpki-roots")))]
fn with_tls(builder: reqwest::ClientBuilder, _: &Callers) -> reqwest::ClientBuilder {
    builder
}
