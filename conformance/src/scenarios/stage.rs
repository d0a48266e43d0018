//! The mock of one scenario, with a client on it: what the client sent, how it ended, and what it was to find.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use chrono::Utc;
use crustdata_mock::{Clock, Exchanged, Mock};
use http::{HeaderValue, Method, header};
use secrecy::SecretString;
use serde_json::{Value, json};

use super::error::HarnessError;
use super::records;
use super::scenario::Scenario;
use super::task::{Client, Ended, Task};
use crate::contract::request::{Destination, UNRECORDED_BODY};
use crate::exchange::{Exchange, Failure, FailureKind, Request, Response};
use crate::generated::contract;
use crate::lock::lock;
use crate::redaction::Redaction;
use crate::traffic::coding;

/// The key that clients are given. It is no secret; nothing else looks like it.
const KEY: &str = "conformance-client-5d1f0c9a7b3e";
/// The fields that clients are to ask for.
const FIELDS: &[&str] = &["business_email", "personal_contact_info.phone_numbers"];
/// Real time for a scenario in which time is fast.
const WORK: Duration = Duration::from_secs(30);
/// Time on the mock's clock after which every job is over.
const LATER: Duration = Duration::from_secs(24 * 60 * 60);

/// What there is to know of a client in a scenario.
#[derive(Debug)]
pub(super) struct Staged {
    /// In the order of sending. Times count from the start of the drive.
    pub(super) exchanges: Vec<Arc<Exchange>>,
    pub(super) ended: Ended,
    /// What it was given.
    pub(super) identifiers: Vec<String>,
    /// The lines that it wrote, each a JSON value or not; `None` where it wrote nothing.
    pub(super) output: Option<Vec<Result<Value, String>>>,
    /// The jobs that it made.
    pub(super) jobs: Vec<Made>,
}

/// A job that a client made.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) id: String,
    pub(super) identifiers: Vec<String>,
    /// The records of its merged file, where it has one.
    pub(super) records: Vec<Value>,
}

/// Puts the client on the mock of the scenario. Its files are in `folder`; all times count from `since`.
pub(super) async fn stage(
    scenario: &Scenario,
    client: &impl Client,
    http: &reqwest::Client,
    speed: u32,
    folder: &Path,
    since: Instant,
) -> Result<Staged, HarnessError> {
    let mut config = scenario.config()?;
    KEY.clone_into(&mut config.key);
    config.clock = if speed == 1 {
        Clock::Real
    } else {
        Clock::Fast(speed)
    };
    let mock = config.start().await?;
    let inside = Inside { mock: &mock, http };
    for number in 0..scenario.mock.requests {
        inside
            .get(&format!("{}?limit={}", contract::list::PATH, number + 1))
            .await?;
    }
    for number in 0..scenario.mock.others {
        inside.submit(number).await?;
    }
    let others = scenario.mock.others;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (redaction, base) = (Redaction::of(&SecretString::from(KEY)), mock.base_url());
    let noted = seen.clone();
    mock.on_exchange(move |exchanged| {
        let exchange = exchange(exchanged, &base, since, speed);
        let exchange = Arc::new(redaction.exchange(exchange));
        lock(&noted).push(exchange);
    });
    let identifiers = scenario.identifier_list();
    let task = Task {
        base_url: mock.base_url(),
        key: KEY.to_owned(),
        scenario: scenario.name,
        identifiers_file: folder.join(format!("{}.identifiers.txt", scenario.name)),
        output: folder.join(format!("{}.records.jsonl", scenario.name)),
        identifiers: identifiers.clone(),
        fields: FIELDS,
        speed,
    };
    let output = task.output.clone();
    std::fs::write(&task.identifiers_file, identifiers.join("\n") + "\n")?;
    let ended = tokio::time::timeout(limit(scenario, speed), client.run(task)).await;
    let ended = ended.unwrap_or(Ended::Stopped);
    mock.on_exchange(|_| {});
    let mut exchanges = std::mem::take(&mut *lock(&seen));
    exchanges.sort_by_key(|exchange: &Arc<Exchange>| exchange.sent_after);
    let mut jobs = Vec::new();
    for (id, identifiers) in mock.jobs().into_iter().skip(others) {
        let id = id.to_string();
        jobs.push(Made {
            records: inside.records(&id).await?,
            id,
            identifiers,
        });
    }
    // What is no file, such as a directory or a pipe, holds no records, and may never end.
    let written = match output.is_file() {
        true => std::fs::read(output)?,
        false => Vec::new(),
    };
    let output = (!written.trim_ascii().is_empty()).then(|| records::lines(&written));
    Ok(Staged {
        exchanges,
        ended,
        identifiers,
        output,
        jobs,
    })
}

/// When a client is stopped. Where time is fast, what the machine takes for its work weighs more.
fn limit(scenario: &Scenario, speed: u32) -> Duration {
    let limit = scenario.limit / speed;
    if speed > 1 { limit.max(WORK) } else { limit }
}

/// The one who set the mock up, with the key.
struct Inside<'a> {
    mock: &'a Mock,
    http: &'a reqwest::Client,
}

impl Inside<'_> {
    async fn get(&self, path: &str) -> Result<Value, HarnessError> {
        let url = self.mock.base_url().join(path)?;
        let request = self.http.get(url).bearer_auth(KEY);
        let request = request.header(contract::header::API_VERSION, contract::API_VERSION);
        let body = request.send().await?.bytes().await?;
        Ok(serde_json::from_slice(&body).unwrap_or_default())
    }

    /// A job of somebody else.
    async fn submit(&self, number: usize) -> Result<(), HarnessError> {
        let url = self.mock.base_url().join(contract::submit::PATH)?;
        let identifier = format!("https://www.linkedin.com/in/somebody-else-{number}/");
        let body = json!({contract::submit::identifiers::KEY: [identifier], "fields": FIELDS});
        let request = self.http.post(url).bearer_auth(KEY);
        let request = request.header(contract::header::API_VERSION, contract::API_VERSION);
        let request = request.header(header::CONTENT_TYPE, contract::media_type::JSON);
        request.body(body.to_string()).send().await?;
        Ok(())
    }

    /// The records of a job that is over.
    async fn records(&self, id: &str) -> Result<Vec<Value>, HarnessError> {
        let path = contract::job::PATH.replace("{batch_id}", id);
        // The links of the first look may have expired, and the first look may be redirected.
        let mut job = Value::Null;
        for _ in 0..3 {
            // No limit on requests holds that long.
            self.mock.advance(LATER);
            job = self.get(&path).await?;
        }
        let Some(link) = job.get("download_url").and_then(Value::as_str) else {
            return Ok(Vec::new());
        };
        let file = self.http.get(link).send().await?.bytes().await?;
        Ok(records::unpacked(&file).unwrap_or_default())
    }
}

/// What the mock saw, as a client's exchange; the key still in it.
fn exchange(exchanged: Exchanged, api: &url::Url, since: Instant, speed: u32) -> Exchange {
    let request = &exchanged.request;
    let query = request.query.as_deref();
    let path_and_query = match query {
        Some(query) => format!("{}?{query}", request.path),
        None => request.path.clone(),
    };
    let destination = if exchanged.origin == *api {
        Destination::Api { path_and_query }
    } else {
        let root = exchanged.origin.as_str().trim_end_matches('/');
        Destination::Outside(format!("{root}{path_and_query}"))
    };
    let method = Method::from_bytes(request.method.as_str().as_bytes()).unwrap_or_default();
    // Whether the API takes a packed request is open.
    let body = match coding(&request.headers) {
        Some(_) => Bytes::from_static(UNRECORDED_BODY.as_bytes()),
        None => request.body.clone(),
    };
    let failed = |status, kind, detail: &str| Failure {
        kind,
        status,
        detail: detail.to_owned(),
    };
    let outcome = match exchanged.response {
        Some(answer) => {
            let mut headers = answer.headers;
            let now = Utc::now().format("%a, %d %b %Y %H:%M:%S GMT").to_string();
            if let Ok(now) = HeaderValue::try_from(now) {
                headers.entry(header::DATE).or_insert(now);
            }
            match answer.body {
                Some(body) => Ok(Response::new(answer.status, headers, body)),
                None => Err(failed(
                    Some(answer.status),
                    FailureKind::Broken,
                    "the connection broke within the body",
                )),
            }
        }
        None => Err(failed(
            None,
            FailureKind::Broken,
            "the connection ended without a response",
        )),
    };
    Exchange {
        request: Request::new(method, destination, request.headers.clone(), body),
        outcome,
        sent_after: exchanged.received.saturating_duration_since(since) * speed,
        took: exchanged.took * speed,
    }
}
