//! TLS as it is set up by default: what the operating system trusts decides. Which certificates those are is said in the
//! environment, so each client here is a process of its own.
//!
//! The certificates below `tls/` are for 127.0.0.1, valid until 2120, and sign themselves; `key.pem` is the key of
//! `certificate.pem` and of nothing else in the world.

use std::env;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, crypto::aws_lc_rs};

use crate::results::collect;
use crate::server::{BATCH_ID, attempts, builder, client, job, not_accepted, request};

/// Where the server is that a test runs itself again for.
const URL_VARIABLE: &str = "TEST_URL";

fn acceptor() -> TlsAcceptor {
    let certificate = CertificateDer::from_pem_slice(include_bytes!("tls/certificate.pem"));
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/key.pem"));
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.unwrap()], key.unwrap())
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// Runs this test again in a process that trusts this certificate, and counts the requests that came through. They begin
/// like this.
async fn requests_seen(test: &str, trusted: &str, begin: &'static str) -> usize {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let seen = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&seen);
    let server = tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            if let Ok(mut stream) = acceptor().accept(stream).await {
                let mut request = [0; 16 << 10];
                let length = stream.read(&mut request).await.unwrap();
                assert!(request[..length].starts_with(begin.as_bytes()));
                count.fetch_add(1, Ordering::Relaxed);
                let body = format!("{{\"batch_id\": \"{BATCH_ID}\"}}");
                let head = format!("HTTP/1.1 202 -\r\ncontent-length: {}\r\n\r\n", body.len());
                stream.write_all((head + &body).as_bytes()).await.unwrap();
                stream.shutdown().await.unwrap();
            }
        }
    });
    let certificates = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/tls");
    let mut process = Command::new(env::current_exe().unwrap());
    process
        .args(["--exact", test])
        .env("SSL_CERT_FILE", certificates.join(trusted))
        .env_remove("SSL_CERT_DIR")
        .env(URL_VARIABLE, url);
    let output = tokio::task::spawn_blocking(move || process.output().unwrap());
    let output = output.await.unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{output:?}"
    );
    server.abort();
    seen.load(Ordering::Relaxed)
}

#[tokio::test]
async fn a_server_that_the_system_trusts_is_spoken_to() {
    let Ok(url) = env::var(URL_VARIABLE) else {
        let test = "tls::a_server_that_the_system_trusts_is_spoken_to";
        assert_eq!(
            requests_seen(test, "certificate.pem", "POST /batch").await,
            1
        );
        return;
    };
    let accepted = client(&url).submit(&request()).await.unwrap();
    assert_eq!(accepted.batch_id.to_string(), BATCH_ID);
}

#[tokio::test]
async fn nothing_is_sent_to_a_server_that_the_system_does_not_trust() {
    let Ok(url) = env::var(URL_VARIABLE) else {
        let test = "tls::nothing_is_sent_to_a_server_that_the_system_does_not_trust";
        assert_eq!(requests_seen(test, "other.pem", "").await, 0);
        return;
    };
    let error = not_accepted(client(&url).submit(&request()).await);
    assert!(error.is_not_sent(), "{error:?}");
    assert!(
        format!("{error:?}").contains("InvalidCertificate"),
        "{error:?}"
    );
}

/// A proxy on this machine, as `conformance proxy` is one, with the live API's store behind it.
#[tokio::test]
async fn a_store_that_the_system_trusts_is_spoken_to_beside_a_plain_api() {
    let Ok(url) = env::var(URL_VARIABLE) else {
        let test = "tls::a_store_that_the_system_trusts_is_spoken_to_beside_a_plain_api";
        assert_eq!(requests_seen(test, "certificate.pem", "GET /file").await, 1);
        return;
    };
    let link = json!({"download_url": format!("{url}/file")});
    let job = serde_json::from_value(job("completed", link)).unwrap();
    let builder = builder("http://127.0.0.1:1").download_attempts(attempts(1));
    let mut items = collect(builder.build().unwrap().results(&job)).await;
    let error = items.pop().unwrap().unwrap_err();
    // What the server sends to everyone.
    assert_eq!(error.status(), Some(202), "{error:?}");
}
