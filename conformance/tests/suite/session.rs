//! A session of a client with the mock, recorded as HAR the way recorders do. What is sent in it is in `steps`.

mod steps;

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, SecondsFormat};
use crustdata_conformance::generated::contract::{self, submit};
use crustdata_mock::{Clock, Fault, JobTiming, MOCK_KEY, Mock, MockConfig};
use reqwest::{Client, Method};
use serde_json::{Value, json};

/// A key that the server does not know.
const OTHER_KEY: &str = "some-other-key";

/// A client with a recorder in between.
pub(crate) struct Session {
    client: Client,
    mock: Mock,
    entries: Vec<Value>,
    /// In milliseconds since 1970.
    now: i64,
    /// The ids of submissions with everything in order, each with whether it was accepted.
    requests: Vec<(String, bool)>,
}

/// Whose session it is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Whose {
    /// Somebody's who uses the API.
    User,
    /// A tester's: so many requests more that a correct server refuses, and what else a user does not do.
    Tester(usize),
}

/// Who the client says it is.
#[derive(Clone, Copy)]
enum Says {
    All,
    NoVersion,
    OtherVersion,
    NoKey,
    OtherKey,
}

impl Session {
    /// The HAR of a session with a server that has these faults.
    pub(crate) async fn har(client: &Client, faults: &[&'static Fault], whose: Whose) -> Value {
        let config = MockConfig {
            clock: Clock::Ticking(Duration::from_secs(20)),
            timing: JobTiming::default(),
            faults: faults.to_vec(),
            ..MockConfig::default()
        };
        let mut session = Self {
            client: client.clone(),
            mock: config.start().await.unwrap(),
            entries: Vec::new(),
            now: 1_764_000_000_000,
            requests: Vec::new(),
        };
        session.use_it(matches!(whose, Whose::Tester(_))).await;
        if let Whose::Tester(refusals) = whose {
            session.test_it(refusals).await;
        }
        json!({"log": {
            "version": "1.2",
            "creator": {"name": "a recorder", "version": "1"},
            "pages": [],
            "entries": session.entries,
        }})
    }

    async fn submit(&mut self, says: Says, body: &Value) -> Value {
        let url = self.mock.base_url().join(submit::PATH).unwrap();
        let mut headers = headers(says);
        headers.push(("Content-Type", "application/json".to_owned()));
        let body = body.to_string().into_bytes();
        self.send(Method::POST, url.as_str(), &headers, Some(body))
            .await
    }

    async fn get(&mut self, says: Says, path: &str) -> Value {
        let url = self.mock.base_url().join(path).unwrap();
        self.send(Method::GET, url.as_str(), &headers(says), None)
            .await
    }

    /// Sends a request, records it, and returns the response where it is JSON.
    async fn send(
        &mut self,
        method: Method,
        url: &str,
        headers: &[(&str, String)],
        body: Option<Vec<u8>>,
    ) -> Value {
        self.now += 1_000;
        let mut request = self.client.request(method.clone(), url);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let response = request.body(body.clone().unwrap_or_default()).send().await;
        let pair = |name: &str, value: &str| json!({"name": name, "value": value});
        let mut entry = json!({
            "startedDateTime": DateTime::from_timestamp_millis(self.now).unwrap()
                .to_rfc3339_opts(SecondsFormat::Millis, true),
            "time": 12.5,
            "request": {
                "method": method.as_str(), "url": url, "httpVersion": "HTTP/1.1", "cookies": [],
                "headers": headers.iter().map(|(name, value)| pair(name, value)).collect::<Vec<_>>(),
                "queryString": [], "headersSize": -1, "bodySize": body.as_ref().map_or(0, Vec::len),
            },
            "response": {"status": 0, "headers": [], "content": {"size": 0, "mimeType": "x-unknown"}},
            "cache": {}, "timings": {"send": 0, "wait": 12, "receive": 0.5},
        });
        if let Some(body) = body {
            entry["request"]["postData"] = text(&body);
            entry["request"]["postData"]["mimeType"] = json!("application/json");
        }
        let mut answer = Value::Null;
        if let Ok(response) = response {
            let status = response.status().as_u16();
            let id = response.headers().get(contract::header::REQUEST_ID);
            if let Some(id) = id.and_then(|id| id.to_str().ok())
                && method == Method::POST
                && status != 401
            {
                self.requests.push((id.to_owned(), status < 300));
            }
            let headers: Vec<Value> = (response.headers().iter())
                .map(|(name, value)| {
                    pair(name.as_str(), &String::from_utf8_lossy(value.as_bytes()))
                })
                .collect();
            // A body that breaks off is recorded as far as it came.
            let body = response.bytes().await.unwrap_or_default();
            let mut content = text(&body);
            content["size"] = json!(body.len());
            content["mimeType"] = json!("x");
            entry["response"] = json!({
                "status": status, "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [],
                "headers": headers, "content": content, "redirectURL": "", "headersSize": -1, "bodySize": -1,
            });
            answer = serde_json::from_slice(&body).unwrap_or_default();
        }
        self.entries.push(entry);
        answer
    }
}

/// A body, as recorders write it.
fn text(body: &[u8]) -> Value {
    match std::str::from_utf8(body) {
        Ok(text) => json!({"text": text}),
        Err(_) => json!({"text": BASE64_STANDARD.encode(body), "encoding": "base64"}),
    }
}

fn headers(says: Says) -> Vec<(&'static str, String)> {
    let key = match says {
        Says::NoKey => None,
        Says::OtherKey => Some(OTHER_KEY),
        _ => Some(MOCK_KEY),
    };
    let version = match says {
        Says::NoVersion => None,
        Says::OtherVersion => Some("2031-01-01"),
        _ => Some(contract::API_VERSION),
    };
    let key = key.map(|key| ("Authorization", format!("Bearer {key}")));
    let version = version.map(|version| (contract::header::API_VERSION, version.to_owned()));
    key.into_iter().chain(version).collect()
}
