//! Setting up a client. The environment is tested beside the builder.

use std::time::Duration;

use crustdata_batch::{ApiKey, Client, ConfigError, InvalidApiKey};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::server::{
    BATCH_ID, KEY, LONG, Reply, Server, batch_id, builder, hurried, not_accepted, request, unknown,
};

const HOUR: Duration = Duration::from_secs(60 * 60);
/// Time that runs out, where nothing comes of waiting.
const A_MOMENT: Duration = Duration::from_millis(100);

fn build(base_url: &str) -> Result<Client, ConfigError> {
    Client::builder()
        .api_key(ApiKey::new(KEY).unwrap())
        .base_url(base_url)
        .build()
}

#[test]
fn keys_that_no_header_carries_are_refused_by_their_place() {
    assert_eq!(ApiKey::new("").unwrap_err(), InvalidApiKey::Empty);
    for (key, position) in [
        ("abc\n", 4),
        (" abc", 1),
        ("Bearer abc", 7),
        ("ab\r\nx-evil: 1", 3),
        ("abc\u{0}", 4),
        ("schlüssel", 5),
        ("abc\u{feff}", 4),
    ] {
        let error = ApiKey::new(key).unwrap_err();
        assert_eq!(error, InvalidApiKey::Character { position });
        assert!(!format!("{error} {error:?}").contains(key), "{error}");
    }
}

#[test]
fn a_client_without_a_key_is_refused() {
    let error = Client::builder().build().unwrap_err();
    assert!(matches!(error, ConfigError::MissingApiKey));
    assert!(error.to_string().contains("CRUSTDATA_API_KEY"), "{error}");
}

#[test]
fn base_urls_that_paths_and_keys_do_not_fit_are_refused() {
    for url in [
        "",
        "api.crustdata.com",
        "/batch",
        "localhost:8080",
        "ftp://api.crustdata.com",
        "file:///etc/passwd",
        "https://",
        "https://user@api.crustdata.com",
        "https://user:s3cret@api.crustdata.com",
        "https://api.crustdata.com?key=s3cret",
        "https://api.crustdata.com#top",
    ] {
        let error = build(url).unwrap_err();
        assert!(
            matches!(error, ConfigError::BaseUrl { .. }),
            "{url}: {error:?}"
        );
        assert!(
            error.to_string().contains("https://api.crustdata.com"),
            "{error}"
        );
        assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
    }
}

#[test]
fn slashes_at_the_end_of_the_base_url_do_not_matter() {
    for url in [
        "http://127.0.0.1:1",
        "http://127.0.0.1:1/",
        "http://127.0.0.1:1//",
    ] {
        assert_eq!(build(url).unwrap().base_url(), "http://127.0.0.1:1");
    }
}

/// Building is all that can be shown here: it sets up TLS with the system's certificates.
#[test]
fn the_live_api_is_the_default() {
    let client = Client::builder()
        .api_key(ApiKey::new(KEY).unwrap())
        .build()
        .unwrap();
    assert_eq!(client.base_url(), "https://api.crustdata.com");
}

#[tokio::test]
async fn settings_of_ones_own_are_used_with_key_and_version() {
    let server = Server::responding(404, "").await;
    // Told apart by its user agent.
    let client = Client::builder()
        .api_key(ApiKey::new(KEY).unwrap())
        .base_url(server.url())
        .http(|builder| {
            builder
                .user_agent("mine/1")
                .tls_backend_preconfigured(tls())
        })
        .build()
        .unwrap();
    client.job(BATCH_ID.parse().unwrap()).await.unwrap_err();

    let sent = server.requests().remove(0);
    assert_eq!(sent.header("user-agent"), Some("mine/1"));
    assert_eq!(
        sent.header("authorization"),
        Some(format!("Bearer {KEY}").as_str())
    );
    assert!(sent.header("x-api-version").is_some());
}

#[tokio::test]
async fn the_client_names_itself() {
    let server = Server::responding(404, "").await;
    let default = builder(server.url()).build().unwrap();
    let named = builder(server.url()).user_agent("mine/2").build().unwrap();
    for client in [default, named] {
        client.job(batch_id()).await.unwrap_err();
    }
    let requests = server.requests();
    let version = concat!("crustdata-batch/", env!("CARGO_PKG_VERSION"));
    assert_eq!(requests[0].header("user-agent"), Some(version));
    assert_eq!(requests[1].header("user-agent"), Some("mine/2"));
}

/// The others have no end, so that this ends only by the one that is meant.
#[tokio::test]
async fn a_submission_has_a_time_of_its_own() {
    let server = Server::start(|_| Reply::Stall(Vec::new())).await;
    let endless = builder(server.url())
        .timeout(Duration::MAX)
        .connect_timeout(Duration::MAX);
    let client = endless.submit_timeout(LONG).build().unwrap();
    let outcome = hurried(async move { client.submit(&request()).await }).await;
    assert!(unknown(outcome).is_timeout());
}

/// A server that takes no connection, since as many wait as it lets wait. Elsewhere than on Linux they are refused.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_connection_has_a_time_of_its_own() {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    while let Ok(stream) = timeout(A_MOMENT, TcpStream::connect(address)).await {
        waiting.push(stream.unwrap());
    }
    let client = builder(&format!("http://{address}"))
        .timeout(HOUR)
        .connect_timeout(A_MOMENT)
        .build()
        .unwrap();
    let error = not_accepted(client.submit(&request()).await);
    assert!(error.is_not_sent() && error.is_timeout(), "{error:?}");
}

/// TLS that trusts nobody: enough for plain http.
pub(crate) fn tls() -> rustls::ClientConfig {
    let provider = std::sync::Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth()
}

/// It is refused, for its password, and until then shown as little as that of a proxy.
#[test]
fn a_builder_does_not_show_a_password() {
    let builder = builder("https://somebody:s3cr3t@api.example.com");
    let builder = builder.proxy("http://somebody:s3cr3t@127.0.0.1:1");
    let shown = format!("{builder:?} {:?}", builder.clone().build().unwrap_err());
    assert!(!shown.contains("s3cr3t"), "{shown}");
}

#[test]
fn a_name_that_no_header_carries_is_refused_with_what_to_check() {
    let error = builder("http://127.0.0.1:1").user_agent("mine\n").build();
    let text = error.unwrap_err().to_string();
    assert!(text.contains("user_agent"), "{text}");
}
