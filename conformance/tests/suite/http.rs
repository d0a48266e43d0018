//! A plain HTTP client for the tests.

/// Makes clients that don't touch the process's TLS settings.
pub(crate) struct Http;

impl Http {
    /// A client without TLS roots: the tests speak plain HTTP on loopback.
    #[allow(clippy::new_ret_no_self)]
    pub(crate) fn new() -> reqwest::Client {
        let tls = rustls::ClientConfig::builder_with_provider(
            rustls::crypto::ring::default_provider().into(),
        )
        .with_safe_default_protocol_versions()
        .expect("ring has the default protocol versions")
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
        reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .build()
            .expect("a plain client can be made")
    }
}
