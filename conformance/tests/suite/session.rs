//! A session of a client with the mock, recorded as HAR the way recorders do: what a client of this API sends, and, of
//! a tester, what it would not.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, SecondsFormat};
use crustdata_conformance::generated::contract::{self, list, submit};
use crustdata_mock::{Clock, Fault, JobTiming, MOCK_KEY, Mock, MockConfig, TEST_PROFILES};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::mock_fixture::{submission, urls};

/// A key that the server does not know.
const OTHER_KEY: &str = "some-other-key";
/// An id that no job has.
const NO_JOB: &str = "00000000-0000-4000-8000-000000000000";
/// The most polls of a job.
const MOST_POLLS: usize = 30;

/// A client with a recorder in between.
pub(crate) struct Session {
    client: Client,
    mock: Mock,
    entries: Vec<Value>,
    /// In milliseconds since 1970.
    now: i64,
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
    /// The HAR of a client's session with a server that has these faults; of a tester's, bad requests and all.
    pub(crate) async fn har(client: &Client, faults: &[&'static Fault], tester: bool) -> Value {
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
        };
        session.use_it(tester).await;
        if tester {
            session.test_it().await;
        }
        json!({"log": {
            "version": "1.2",
            "creator": {"name": "a recorder", "version": "1"},
            "pages": [],
            "entries": session.entries,
        }})
    }

    async fn use_it(&mut self, tester: bool) {
        let [first, shorthand, third, fourth] = *submit::fields::VALUES else {
            panic!("there are four fields")
        };
        let of = |count: usize, fields: Value| {
            let mut urls = urls(count);
            urls.extend(TEST_PROFILES.iter().map(|url| (*url).to_owned()));
            json!({submit::identifiers::KEY: urls, "fields": fields})
        };
        let mut webhook = of(3, json!([third]));
        webhook["webhook_url"] = json!("http://127.0.0.1:9/hook");
        let mut text = of(0, json!(first));
        text[submit::identifiers::KEY] = json!(TEST_PROFILES.join(","));
        let mut parts = of(22, json!([first, shorthand]));
        parts["chunk_size"] = json!(submit::chunk_size::MIN);
        let mut largest_chunk = submission(1);
        largest_chunk["chunk_size"] = json!(submit::chunk_size::MAX);
        let bodies = [
            of(0, json!([shorthand])),
            parts,
            webhook,
            text,
            of(0, json!([third])),
            of(0, json!([fourth])),
            of(1, json!([first, fourth])),
            of(1, json!([first, third, fourth].join(","))),
            submission(submit::identifiers::MAX),
            largest_chunk,
            submission(1),
        ];
        for body in bodies {
            let answer = self.submit(Says::All, &body).await;
            if let Some(id) = answer["batch_id"].as_str() {
                self.follow(id, tester).await;
            }
        }
        for query in ["", "?status=completed", "?status=failed", "?limit=100"] {
            self.get(Says::All, &format!("{}{query}", list::PATH)).await;
        }
        let mut next = Some(format!("{}?limit=3", list::PATH));
        for _ in 0..6 {
            let Some(path) = next else { break };
            let page = self.get(Says::All, &path).await;
            let cursor = page["next_cursor"].as_str();
            next = cursor.map(|cursor| format!("{}?limit=3&cursor={cursor}", list::PATH));
        }
    }

    /// Polls a job until it is over, and fetches its files. A tester looks again.
    async fn follow(&mut self, id: &str, tester: bool) {
        let path = format!("{}/{id}", list::PATH);
        for _ in 0..MOST_POLLS {
            let job = self.get(Says::All, &path).await;
            let status = job["status"].as_str();
            if matches!(status, Some("pending" | "processing")) {
                continue;
            }
            let parts = job["download_urls"].as_array().into_iter().flatten();
            let links = parts
                .chain([&job["download_url"]])
                .filter_map(Value::as_str);
            for link in links {
                self.send(Method::GET, link, &[], None).await;
            }
            if tester {
                self.get(Says::All, &path).await;
            }
            return;
        }
    }

    async fn test_it(&mut self) {
        let right = submission(2);
        for says in [
            Says::NoVersion,
            Says::OtherVersion,
            Says::NoKey,
            Says::OtherKey,
        ] {
            self.submit(says, &right).await;
        }
        let with = |key: &str, value: Value| {
            let mut body = submission(1);
            body[key] = value;
            body
        };
        let without = |key: &str| {
            let mut body = submission(1);
            body.as_object_mut().unwrap().remove(key);
            body
        };
        let key = submit::identifiers::KEY;
        let too_many = urls(submit::identifiers::MAX + 1);
        let mut other = without(key);
        other["business_emails"] = json!(["a@b.example"]);
        let bodies = [
            with(key, json!(too_many)),
            with(key, json!(too_many.join(","))),
            without(key),
            other,
            without("fields"),
            with("fields", json!([])),
            with("fields", json!("")),
            with("fields", json!(["x"])),
            with("fields", json!([submit::fields::VALUES[0], "x"])),
            with("fields", json!("x")),
            with("chunk_size", json!(submit::chunk_size::MIN - 1)),
            with("chunk_size", json!(submit::chunk_size::MAX + 1)),
            json!([1]),
            json!("text"),
        ];
        for body in bodies {
            self.submit(Says::All, &body).await;
        }
        for says in [Says::NoKey, Says::OtherKey] {
            self.get(says, list::PATH).await;
        }
        let jobs = self.get(Says::All, list::PATH).await;
        if let Some(id) = jobs["jobs"][0]["batch_id"].as_str() {
            for says in [Says::NoKey, Says::OtherKey, Says::NoVersion] {
                self.get(says, &format!("{}/{id}", list::PATH)).await;
            }
        }
        self.get(Says::All, &format!("{}/{NO_JOB}", list::PATH))
            .await;
        for query in ["status=unknown", "limit=0", "limit=101"] {
            self.get(Says::All, &format!("{}?{query}", list::PATH))
                .await;
        }
        let mut active = Vec::new();
        for _ in 0..=contract::limits::ACTIVE_JOBS {
            let answer = self.submit(Says::All, &submission(1)).await;
            active.extend(answer["batch_id"].as_str().map(str::to_owned));
        }
        for id in active {
            self.get(Says::All, &format!("{}/{id}", list::PATH)).await;
        }
    }

    async fn submit(&mut self, says: Says, body: &Value) -> Value {
        let url = self.mock.base_url().join(submit::PATH).unwrap();
        let mut headers = headers(says);
        headers.push(("Content-Type", "application/json".to_owned()));
        self.send(Method::POST, url.as_str(), &headers, Some(body.to_string()))
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
        body: Option<String>,
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
                "queryString": [], "headersSize": -1, "bodySize": body.as_ref().map_or(0, String::len),
            },
            "response": {"status": 0, "headers": [], "content": {"size": 0, "mimeType": "x-unknown"}},
            "cache": {}, "timings": {"send": 0, "wait": 12, "receive": 0.5},
        });
        if let Some(body) = body {
            entry["request"]["postData"] = json!({"mimeType": "application/json", "text": body});
        }
        let mut answer = Value::Null;
        if let Ok(response) = response {
            let status = response.status().as_u16();
            let headers: Vec<Value> = (response.headers().iter())
                .map(|(name, value)| {
                    pair(name.as_str(), &String::from_utf8_lossy(value.as_bytes()))
                })
                .collect();
            // A body that breaks off is recorded as far as it came.
            let body = response.bytes().await.unwrap_or_default();
            let mut content = json!({"size": body.len(), "mimeType": "x"});
            match std::str::from_utf8(&body) {
                Ok(text) => content["text"] = json!(text),
                Err(_) => {
                    content["text"] = json!(BASE64_STANDARD.encode(&body));
                    content["encoding"] = json!("base64");
                }
            }
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
