//! What is asked through a proxy, and what is not. The environment names one too, so each client of these tests that reads
//! it is in a process of its own.

use std::env;
use std::process::Command;

use crustdata_batch::{Client, ClientBuilder, ConfigError};
use serde_json::json;

use crate::server::{BATCH_ID, KEY, Server, batch_id, builder, job};

/// A host that no name server knows.
const FAR_AWAY: &str = "http://api.example.invalid";
/// Where the server is that a test runs itself again for.
const URL_VARIABLE: &str = "TEST_URL";

/// A server that is proxy or API, whatever it is asked as.
async fn server() -> Server {
    Server::responding(200, &job("completed", json!({})).to_string()).await
}

fn build(builder: ClientBuilder) -> Client {
    builder.build().unwrap()
}

async fn targets(server: &Server, client: &Client) -> Vec<String> {
    let _ = client.job(batch_id()).await;
    let requests = server.requests();
    requests.iter().map(|it| it.line().to_owned()).collect()
}

#[tokio::test]
async fn a_proxy_is_asked_for_what_is_elsewhere() {
    let proxy = server().await;
    let client = build(builder(FAR_AWAY).proxy(proxy.url()));
    let asked = targets(&proxy, &client).await;
    assert_eq!(asked, [format!("GET {FAR_AWAY}/batch/{BATCH_ID}")]);
    // As documented.
    assert!(proxy.requests()[0].head.contains(KEY));
}

/// By a name that it can't resolve, a proxy asks for a tunnel; the key would only go through that.
#[tokio::test]
async fn a_proxy_sees_no_key_of_https() {
    let proxy = Server::responding(502, "").await;
    let client = build(builder("https://api.example.invalid").proxy(proxy.url()));
    let asked = targets(&proxy, &client).await;
    assert_eq!(asked, ["CONNECT api.example.invalid:443"]);
    assert!(!proxy.requests()[0].head.contains(KEY));
}

#[tokio::test]
async fn this_machine_is_never_asked_through_a_proxy() {
    let (api, proxy) = (server().await, server().await);
    for url in [api.url(), &api.url().replace("127.0.0.1", "localhost")] {
        let client = build(builder(url).proxy(proxy.url()));
        client.job(batch_id()).await.unwrap();
    }
    assert_eq!(api.requests().len(), 2);
    assert!(proxy.requests().is_empty());
}

/// The API is elsewhere, and the results are here.
#[cfg(feature = "results")]
#[tokio::test]
async fn results_on_this_machine_are_never_asked_for_through_a_proxy() {
    let (store, proxy) = (Server::responding(404, "").await, server().await);
    let link = json!({"result_count": 1, "download_url": format!("{}/file", store.url())});
    let job = serde_json::from_value(job("completed", link)).unwrap();
    let client = build(builder(FAR_AWAY).proxy(proxy.url()));
    crate::results::collect(client.results(&job)).await;
    assert_eq!(store.requests()[0].line(), "GET /file");
    let asked = proxy.requests();
    assert!(
        asked.iter().all(|it| it.line().contains(FAR_AWAY)),
        "{asked:?}"
    );
}

#[test]
fn a_proxy_that_is_none_is_an_error_without_its_password() {
    let error = builder(FAR_AWAY).proxy("http://user:s3cret@").build();
    let error = error.unwrap_err();
    assert!(matches!(error, ConfigError::Proxy), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
    let builder = builder(FAR_AWAY).proxy("http://user:s3cret@proxy");
    assert!(!format!("{builder:?}").contains("s3cret"));
}

/// Runs this test again in a process whose environment names the proxy.
async fn in_another_process(test: &str, proxy: &Server) {
    let mut process = Command::new(env::current_exe().unwrap());
    process
        .args(["--exact", test])
        .env(URL_VARIABLE, proxy.url());
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"] {
        process.env_remove(name.to_ascii_lowercase());
        process.env_remove(name);
    }
    process.env("HTTP_PROXY", proxy.url());
    // A process that is a CGI script must not be given a proxy by its client.
    process.env_remove("REQUEST_METHOD");
    let output = tokio::task::spawn_blocking(move || process.output().unwrap());
    let output = output.await.unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("1 passed"), "{output:?}");
}

#[tokio::test]
async fn the_proxy_of_the_environment_is_asked_for_what_is_elsewhere_only() {
    if env::var(URL_VARIABLE).is_err() {
        let proxy = server().await;
        let test = "proxies::the_proxy_of_the_environment_is_asked_for_what_is_elsewhere_only";
        in_another_process(test, &proxy).await;
        assert_eq!(proxy.requests().len(), 1);
        return;
    }
    let api = server().await;
    build(builder(api.url())).job(batch_id()).await.unwrap();
    assert_eq!(api.requests().len(), 1);
    build(builder(FAR_AWAY)).job(batch_id()).await.unwrap();
    let direct = build(builder(FAR_AWAY).no_proxy());
    assert!(direct.job(batch_id()).await.unwrap_err().is_not_sent());
}
