//! The mock's faults and variants: that they are well formed, and that each one shows.
//!
//! Whether a fault breaks the clauses that it names, and no others, is for the suite to say.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use bytes::Bytes;
use crustdata_conformance::generated::contract;
use crustdata_conformance::mock::{Clock, Fault, MOCK_KEY, MockConfig, faults, find, variants};
use reqwest::Client;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use crate::mock::{Fixture, client, submission, urls};

#[test]
fn names_are_unique_and_in_kebab_case() {
    let mut seen = HashSet::new();
    for fault in faults().chain(variants()) {
        let name = fault.name;
        assert!(seen.insert(name), "{name} is there twice");
        assert!(
            name.chars()
                .all(|char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '-'),
            "{name}"
        );
        assert!(std::ptr::eq(find(name).unwrap(), fault));
    }
    assert!(find("no-such-fault").is_none());
}

#[test]
fn faults_break_clauses_and_variants_do_not() {
    for fault in faults() {
        assert!(!fault.breaks.is_empty(), "{}", fault.name);
        for clause in fault.breaks {
            let (family, rule) = clause.split_once('.').unwrap();
            let is_word = |text: &str| {
                text.chars()
                    .all(|char| char.is_ascii_lowercase() || char == '-')
            };
            assert!(
                is_word(family) && is_word(rule) && !rule.is_empty(),
                "{clause}"
            );
        }
    }
    assert!(variants().all(|variant| variant.breaks.is_empty()));
}

#[test]
fn every_departure_says_what_it_does_in_a_sentence() {
    for fault in faults().chain(variants()) {
        let about = fault.about;
        assert!(about.contains(' ') && about.ends_with('.'), "{about}");
    }
}

#[tokio::test]
async fn every_fault_shows() {
    let series = Series::new();
    let honest = series.play(&[], |_| true).await;
    for fault in faults() {
        let answers = series
            .play(&[fault], |answers| honest.starts_with(answers))
            .await;
        assert_ne!(answers, honest, "{} does not show", fault.name);
    }
}

#[tokio::test]
async fn an_honest_server_answers_alike_every_time() {
    let series = Series::new();
    assert_eq!(
        series.play(&[], |_| true).await,
        series.play(&[], |_| true).await
    );
}

#[tokio::test]
async fn variants_accept_and_refuse_what_the_honest_server_does() {
    let series = Series::new();
    let verdicts = async |variants: &[&'static Fault]| -> Vec<u16> {
        series
            .play(variants, |_| true)
            .await
            .iter()
            .map(|(status, _)| status / 100)
            .collect()
    };
    let honest = verdicts(&[]).await;
    // These refuse more, by what they are for.
    let limits = [
        "five-a-second",
        "few-a-minute",
        "few-a-minute-without-headers",
        "unavailable-now-and-then",
    ];
    for variant in variants().filter(|variant| !limits.contains(&variant.name)) {
        assert_eq!(verdicts(&[variant]).await, honest, "{}", variant.name);
    }
}

#[tokio::test]
async fn a_rate_limit_is_in_the_instances_own_time() {
    let faults = vec![find("few-a-minute-without-headers").unwrap()];
    let server = Fixture::start(MockConfig {
        faults,
        ..Default::default()
    })
    .await;
    for _ in 0..contract::REQUESTS_PER_MINUTE {
        assert_eq!(server.json(contract::LIST_PATH).await.0, 200);
    }
    let limited = server.get(contract::LIST_PATH).send().await.unwrap();
    assert_eq!(limited.status(), 429);
    assert!(
        limited
            .headers()
            .keys()
            .all(|name| !name.as_str().starts_with("x-ratelimit"))
    );

    server.mock.advance(Duration::from_secs(60));
    assert_eq!(server.json(contract::LIST_PATH).await.0, 200);
}

#[tokio::test]
async fn an_unavailable_server_does_nothing() {
    let faults = vec![find("unavailable-now-and-then").unwrap()];
    let clock = Clock::Ticking(Duration::from_secs(60));
    let server = Fixture::start(MockConfig {
        faults,
        clock,
        ..Default::default()
    })
    .await;
    let mut accepted = 0;
    for _ in 0..14 {
        let status = server.submit(&submission(1)).await.status();
        accepted += u64::from(status == 200);
        assert!(status == 200 || status == 503, "{status}");
    }
    assert_eq!((accepted, server.mock.stats().accepted), (12, 12));
}

#[tokio::test]
async fn a_cut_off_answer_still_leaves_its_job() {
    let faults = vec![find("accepted-and-cut-off").unwrap()];
    let clock = Clock::Ticking(Duration::from_secs(60));
    let server = Fixture::start(MockConfig {
        faults,
        clock,
        ..Default::default()
    })
    .await;
    let mut broken = 0;
    for _ in 0..14 {
        let answer = server.submit(&submission(1)).await;
        broken += u32::from(answer.bytes().await.is_err());
    }
    assert_eq!((broken, server.mock.stats().accepted), (2, 14));
}

/// A fixed series of submissions, on both sides of every rule, and the client that sends them.
struct Series {
    client: Client,
    submissions: Vec<(HeaderMap, Bytes)>,
}

/// A status with its body, in which every id and every date is replaced by the number of its first appearance.
type Answered = (u16, String);

impl Series {
    fn new() -> Self {
        let (key, version) = (format!("Bearer {MOCK_KEY}"), contract::API_VERSION);
        let headers = |key: Option<&str>, version: Option<&str>| {
            let headers = [
                ("authorization", key),
                (contract::API_VERSION_HEADER, version),
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
    /// answers so far are such that it should `go_on`.
    async fn play(
        &self,
        faults: &[&'static Fault],
        go_on: impl Fn(&[Answered]) -> bool,
    ) -> Vec<Answered> {
        // Long enough for each job to be final before the next one.
        let clock = Clock::Ticking(Duration::from_secs(1000));
        let config = MockConfig {
            clock,
            faults: faults.to_vec(),
            ..Default::default()
        };
        let server = Fixture::with_client(config, self.client.clone()).await;
        let url = server.mock.base_url().join(contract::SUBMIT_PATH).unwrap();
        let submissions = self.submissions.iter().map(|(headers, body)| {
            self.client
                .post(url.clone())
                .headers(headers.clone())
                .body(body.clone())
        });
        let list = server.get(&format!(
            "{}?limit={}",
            contract::LIST_PATH,
            contract::PAGE_LIMIT_MAX
        ));
        let mut answers = Vec::new();
        let mut ids = HashMap::new();
        for request in submissions.chain([list]) {
            let answer = request.send().await.unwrap();
            let status = answer.status().as_u16();
            let body = answer.bytes().await.unwrap_or_default();
            answers.push((
                status,
                number_ids(&String::from_utf8_lossy(&body), &mut ids),
            ));
            if !go_on(&answers) {
                break;
            }
        }
        answers
    }
}

/// Replaces what differs from run to run: strings that look like a UUID or a date.
fn number_ids(text: &str, seen: &mut HashMap<String, usize>) -> String {
    let is_varying = |word: &str| {
        uuid::Uuid::try_parse(word).is_ok()
            || (word.len() > 20 && word.starts_with("20") && word.contains('T'))
    };
    let words = text.split(['"', '/', '?']).map(|word| {
        if is_varying(word) {
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
    let max = contract::IDENTIFIERS_MAX;
    let mut bodies = Vec::new();
    for count in [1, 2, max / 2, max - 1, max, max + 1, max * 2] {
        for identifiers in [json!(urls(count)), json!(urls(count).join(","))] {
            bodies.push(with(contract::IDENTIFIERS_KEY, identifiers));
        }
    }
    bodies.push(json!({contract::IDENTIFIERS_KEY: urls(2).join(","), "fields": contract::CONTACT_FIELDS.join(",")}));
    bodies.push(json!({"fields": contract::CONTACT_FIELDS}));
    bodies.push(
        json!({"business_emails": ["nobody@example.com"], "fields": contract::CONTACT_FIELDS}),
    );
    bodies.push(json!({contract::IDENTIFIERS_KEY: urls(2)}));
    let [first, .., last] = *contract::CONTACT_FIELDS else {
        panic!("there are several fields")
    };
    let (capitals, part) = (first.to_uppercase(), format!("{first}.home"));
    let mut field_sets: Vec<Vec<&str>> = contract::CONTACT_FIELDS
        .iter()
        .map(|field| vec![*field])
        .collect();
    field_sets.extend([
        vec![first, last],
        contract::CONTACT_FIELDS.to_vec(),
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
        i64::from(contract::CHUNK_SIZE_MIN),
        i64::from(contract::CHUNK_SIZE_MAX),
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
        json!({contract::IDENTIFIERS_KEY: urls(1), "fields": [first], "chunk_size": smallest - 1}),
    );
    bodies.push(with("webhook_url", json!(contract::WEBHOOK_URL_EXAMPLE)));
    let mut bodies: Vec<String> = bodies.iter().map(Value::to_string).collect();
    bodies.extend(["", "[]", "{", "\"text\""].map(str::to_owned));
    bodies
}
