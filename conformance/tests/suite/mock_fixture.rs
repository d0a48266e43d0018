//! A mock with a client that talks to it, for the `mock*` modules.

use std::time::Duration;

use crustdata_conformance::generated::contract;
use crustdata_mock::{Clock, MOCK_KEY, Mock, MockConfig};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

/// A mock and a client that talks to it.
pub(crate) struct Fixture {
    pub(crate) mock: Mock,
    pub(crate) client: Client,
}

impl Fixture {
    pub(crate) async fn start(config: MockConfig) -> Self {
        Self::with_client(config, client()).await
    }

    pub(crate) async fn with_client(config: MockConfig, client: Client) -> Self {
        Self {
            mock: config.start().await.unwrap(),
            client,
        }
    }

    pub(crate) async fn compliant() -> Self {
        Self::start(MockConfig::default()).await
    }

    /// An instance that never runs out of permits for jobs.
    pub(crate) async fn roomy() -> Self {
        Self::start(MockConfig {
            clock: Clock::Ticking(Duration::from_secs(60)),
            ..Default::default()
        })
        .await
    }

    pub(crate) fn url(&self, path: &str) -> url::Url {
        self.mock.base_url().join(path).unwrap()
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(self.url(path)).bearer_auth(MOCK_KEY)
    }

    /// A submission with every header, still to be given its body.
    pub(crate) fn post(&self) -> RequestBuilder {
        self.client
            .post(self.url(contract::submit::PATH))
            .bearer_auth(MOCK_KEY)
            .header(contract::header::API_VERSION, contract::API_VERSION)
            .header("content-type", "application/json")
    }

    pub(crate) async fn submit(&self, body: &Value) -> Response {
        self.post().body(body.to_string()).send().await.unwrap()
    }

    /// The id of a new job.
    pub(crate) async fn accepted(&self, body: &Value) -> String {
        let (status, response) = read(self.submit(body).await).await;
        assert_eq!(status, StatusCode::OK, "{response}");
        response["batch_id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn json(&self, path: &str) -> (StatusCode, Value) {
        read(self.get(path).send().await.unwrap()).await
    }
}

/// A client that trusts nobody's certificates, which makes it quick to build.
pub(crate) fn client() -> Client {
    // The result says whether an earlier test has done so.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .build()
        .unwrap()
}

pub(crate) async fn read(response: Response) -> (StatusCode, Value) {
    let status = response.status();
    (
        status,
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap(),
    )
}

pub(crate) fn urls(count: usize) -> Vec<String> {
    (0..count)
        .map(|n| format!("https://www.linkedin.com/in/nobody-{n}/"))
        .collect()
}

/// A valid submission of so many identifiers.
pub(crate) fn submission(count: usize) -> Value {
    json!({contract::submit::identifiers::KEY: urls(count), "fields": contract::submit::fields::VALUES})
}
