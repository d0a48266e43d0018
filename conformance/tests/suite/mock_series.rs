//! A fixed series of submissions that shows every fault of the mock in how they are answered.

use std::collections::HashMap;
use std::time::Duration;

use bytes::Bytes;
use crustdata_conformance::checks;
use crustdata_conformance::exchange::{KEY_PLACEHOLDER, Request};
use crustdata_conformance::generated::contract;
use crustdata_mock::{Clock, Fault, MOCK_KEY, MockConfig};
use reqwest::Client;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use crate::mock_fixture::{Fixture, client, submission, urls};

/// A fixed series of submissions, on both sides of every rule, and the client that sends them.
pub(crate) struct Series {
    client: Client,
    submissions: Vec<(HeaderMap, Bytes)>,
}

/// A status with its body, in which every id and every date is replaced by the number of its first appearance.
pub(crate) type Received = (u16, String);

impl Series {
    pub(crate) fn new() -> Self {
        let (key, version) = (format!("Bearer {MOCK_KEY}"), contract::API_VERSION);
        let headers = |key: Option<&str>, version: Option<&str>| {
            let headers = [
                ("authorization", key),
                (contract::header::API_VERSION, version),
            ];
            let headers = headers
                .into_iter()
                .filter_map(|(name, value)| Some((name, value?)));
            headers
                .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
                .collect::<HeaderMap>()
        };
        let right = headers(Some(&key), Some(version));
        let mut submissions: Vec<_> = bodies()
            .into_iter()
            .map(|body| (right.clone(), Bytes::from(body)))
            .collect();
        let body = Bytes::from(submission(1).to_string());
        submissions.extend([
            (headers(None, Some(version)), body.clone()),
            (headers(Some("Bearer other"), Some(version)), body.clone()),
            (headers(Some(&key), None), body.clone()),
            (headers(Some(&key), Some("1999-01-01")), body.clone()),
            (headers(Some(&key), Some("2999-01-01")), body.clone()),
            (headers(Some(&key), Some("latest")), body),
        ]);
        Self {
            client: client(),
            submissions,
        }
    }

    /// What a server with these faults answers to the series and then to a request for the list, as long as the
    /// responses so far are such that it should `go_on`.
    pub(crate) async fn play(
        &self,
        faults: &[&'static Fault],
        go_on: impl Fn(&[Received]) -> bool,
    ) -> Vec<Received> {
        // Long enough for each job to be final before the next one.
        let clock = Clock::Ticking(Duration::from_secs(1000));
        let config = MockConfig {
            clock,
            faults: faults.to_vec(),
            ..Default::default()
        };
        let server = Fixture::with_client(config, self.client.clone()).await;
        let url = server.mock.base_url().join(contract::submit::PATH).unwrap();
        let submissions = self.submissions.iter().map(|(headers, body)| {
            self.client
                .post(url.clone())
                .headers(headers.clone())
                .body(body.clone())
        });
        let list = server.get(&format!(
            "{}?limit={}",
            contract::list::PATH,
            contract::list::limit::MAX
        ));
        let mut responses = Vec::new();
        let mut ids = HashMap::new();
        for request in submissions.chain([list]) {
            let response = request.send().await.unwrap();
            let status = response.status().as_u16();
            let body = response.bytes().await.unwrap_or_default();
            responses.push((
                status,
                number_ids(&String::from_utf8_lossy(&body), &mut ids),
            ));
            if !go_on(&responses) {
                break;
            }
        }
        responses
    }
}

/// Whether a server with this fault answers a submission of the catalogue that breaks one of the fault's clauses
/// otherwise than with a 4xx, which is what a compliant server answers to each of them.
pub(crate) async fn refuses_otherwise(
    client: &Client,
    refusals: &[Request],
    fault: &'static Fault,
) -> bool {
    let config = MockConfig {
        clock: Clock::Ticking(Duration::from_secs(1000)),
        faults: vec![fault],
        ..Default::default()
    };
    let server = Fixture::with_client(config, client.clone()).await;
    let url = server.mock.base_url().join(contract::submit::PATH).unwrap();
    let is_about = |id: &&str, request: &Request| {
        checks::find(id).is_some_and(|check| (check.applies)(request))
    };
    let chosen =
        (refusals.iter()).filter(|request| fault.breaks.iter().any(|id| is_about(id, request)));
    for request in chosen {
        let headers = request.headers.iter().map(|(name, value)| {
            let value = value.to_str().unwrap().replace(KEY_PLACEHOLDER, MOCK_KEY);
            (name.clone(), value.parse().unwrap())
        });
        let sent = client
            .post(url.clone())
            .headers(headers.collect())
            .body(request.body.clone());
        if !sent.send().await.unwrap().status().is_client_error() {
            return true;
        }
    }
    false
}

/// Replaces what differs from run to run: strings that look like a UUID or a date, and signatures of links.
pub(crate) fn number_ids(text: &str, seen: &mut HashMap<String, usize>) -> String {
    let is_varying = |word: &str| {
        uuid::Uuid::try_parse(word).is_ok()
            || (word.len() > 20 && word.starts_with("20") && word.contains('T'))
    };
    let words = text.split(['"', '/', '?']).map(|word| {
        if word.starts_with("expires=") {
            "signed".to_owned()
        } else if is_varying(word) {
            let next = seen.len();
            format!(
                "{}-characters-{}",
                word.len(),
                *seen.entry(word.to_owned()).or_insert(next)
            )
        } else {
            word.to_owned()
        }
    });
    words.collect::<Vec<_>>().join("|")
}

/// Bodies on both sides of every rule.
fn bodies() -> Vec<String> {
    let with = |key: &str, value: Value| {
        let mut body = submission(2);
        body[key] = value;
        body
    };
    let max = contract::submit::identifiers::MAX;
    let mut bodies = Vec::new();
    for count in [1, 2, max / 2, max - 1, max, max + 1, max * 2] {
        for identifiers in [json!(urls(count)), json!(urls(count).join(","))] {
            bodies.push(with(contract::submit::identifiers::KEY, identifiers));
        }
    }
    bodies.push(json!({contract::submit::identifiers::KEY: urls(2).join(","), "fields": contract::submit::fields::VALUES.join(",")}));
    bodies.push(json!({"fields": contract::submit::fields::VALUES}));
    bodies.push(
        json!({"business_emails": ["nobody@example.com"], "fields": contract::submit::fields::VALUES}),
    );
    bodies.push(json!({contract::submit::identifiers::KEY: urls(2)}));
    let [first, .., last] = *contract::submit::fields::VALUES else {
        panic!("there are several fields")
    };
    let (capitals, part) = (first.to_uppercase(), format!("{first}.home"));
    let mut field_sets: Vec<Vec<&str>> = contract::submit::fields::VALUES
        .iter()
        .map(|field| vec![*field])
        .collect();
    field_sets.extend([
        vec![first, last],
        contract::submit::fields::VALUES.to_vec(),
        vec![],
        vec!["home_address"],
    ]);
    field_sets.extend([
        vec![first, "home_address"],
        vec!["home_address", last],
        vec![&capitals],
        vec![&part],
    ]);
    for set in field_sets {
        bodies.push(with("fields", json!(set)));
        bodies.push(with("fields", json!(set.join(","))));
    }
    let (smallest, largest) = (
        i64::from(contract::submit::chunk_size::MIN),
        i64::from(contract::submit::chunk_size::MAX),
    );
    for size in [
        smallest - 1,
        smallest,
        largest,
        largest + 1,
        0,
        -1,
        i64::MAX,
    ] {
        bodies.push(with("chunk_size", json!(size)));
    }
    bodies.push(
        json!({contract::submit::identifiers::KEY: urls(1), "fields": [first], "chunk_size": smallest - 1}),
    );
    bodies.push(with(
        "webhook_url",
        json!(contract::submit::webhook_url::EXAMPLE),
    ));
    let mut bodies: Vec<String> = bodies.iter().map(Value::to_string).collect();
    bodies.extend(["", "[]", "{", "\"text\""].map(str::to_owned));
    bodies
}
