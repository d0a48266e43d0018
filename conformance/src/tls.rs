//! TLS as this program speaks it to servers.

/// rustls on ring, without touching the process's default provider. The system's certificates are those that it trusts:
/// on Linux those that `SSL_CERT_FILE` and `SSL_CERT_DIR` name, where they are set. Without any, a server on plain
/// HTTP can still be tested; the embedded mock needs none.
pub(crate) fn tls(scheme: &str, embedded: bool) -> Result<rustls::ClientConfig, rustls::Error> {
    use rustls_platform_verifier::BuilderVerifierExt;
    let builder = || {
        let provider = rustls::crypto::ring::default_provider();
        rustls::ClientConfig::builder_with_provider(provider.into())
            .with_safe_default_protocol_versions()
    };
    if !embedded {
        match builder()?.with_platform_verifier() {
            Ok(config) => return Ok(config.with_no_client_auth()),
            Err(error) if scheme == "https" => return Err(error),
            Err(_) => {}
        }
    }
    let nobody = builder()?.with_root_certificates(rustls::RootCertStore::empty());
    Ok(nobody.with_no_client_auth())
}
