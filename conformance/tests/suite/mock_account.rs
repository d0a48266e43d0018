//! The mock's account: its balance, its endpoints, its usage events and its ledger.

use std::time::Duration;

use crustdata_conformance::generated::contract::{
    self, account, header, prices, status_code, submit, usage,
};
use crustdata_mock::{JobOutcome, MOCK_KEY, Mock, MockConfig, TEST_PROFILES};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use crate::mock_fixture::{Fixture, read, submission};

const DELAY: Duration = Duration::from_secs(usage::EVENT_DELAY_SECONDS as u64);

impl Fixture {
    async fn account(&self, path: &str) -> (StatusCode, Value) {
        read(self.account_response(path).await).await
    }

    async fn account_response(&self, path: &str) -> Response {
        let get = self
            .get(path)
            .header(header::API_VERSION, contract::API_VERSION);
        get.send().await.unwrap()
    }

    async fn events(&self, query: &str) -> Vec<Value> {
        let (status, page) = self.account(&format!("{}?{query}", usage::PATH)).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        page["events"].as_array().unwrap().clone()
    }
}

/// A submission of all profiles that are found, for all kinds.
fn rich() -> Value {
    let mut body = submission(1);
    body[submit::identifiers::KEY] = json!(TEST_PROFILES);
    body["fields"] = json!(submit::fields::VALUES);
    body
}

fn header_of(response: &Response, name: &str) -> Option<String> {
    Some(response.headers().get(name)?.to_str().unwrap().to_owned())
}

/// What `rich` costs: the last profile has nothing, and the one before it no phone number.
fn price(verified: f64) -> f64 {
    let with_emails = (TEST_PROFILES.len() - 1) as f64;
    with_emails * (prices::BUSINESS_EMAIL + prices::PERSONAL_EMAILS + verified)
        + (with_emails - 1.0) * prices::PHONE_NUMBERS
}

#[tokio::test]
async fn what_is_delivered_is_charged() {
    let server = Fixture::compliant().await;
    let start = server.mock.balance();
    for (verified, extra) in [(json!(false), 0.0), (json!(true), prices::VERIFIED)] {
        let mut body = rich();
        body[submit::VERIFIED_KEY] = verified;
        let before = server.mock.balance();
        let response = server.submit(&body).await;
        let id = header_of(&response, header::REQUEST_ID).unwrap();
        let credits = header_of(&response, header::CREDITS_USED).unwrap();
        assert_eq!(credits.parse::<f64>().unwrap(), price(extra));
        let (_, accepted) = read(response).await;
        let charge = server.mock.ledger().pop().unwrap();
        assert_eq!((charge.credits(), charge.request_id), (price(extra), id));
        assert_eq!(json!(charge.batch_id), accepted["batch_id"]);
        assert_eq!(server.mock.balance(), before - price(extra));
    }
    let (_, body) = server.account(account::credits::PATH).await;
    assert_eq!(body["account"]["credits"], json!(server.mock.balance()));
    assert_eq!(server.mock.ledger().len(), 2);
    assert!(server.mock.balance() < start);
}

#[tokio::test]
async fn what_is_not_delivered_is_free() {
    let failing = Fixture::start(Mock::builder().outcome(JobOutcome::Failed)).await;
    failing.accepted(&rich()).await;
    let unknown = Fixture::compliant().await;
    unknown.accepted(&submission(3)).await;
    for server in [failing, unknown] {
        assert_eq!(server.mock.balance(), MockConfig::default().credits);
        assert_eq!(server.mock.ledger()[0].credits(), 0.0);
    }
}

#[tokio::test]
async fn a_job_that_the_balance_does_not_cover_is_not_made() {
    let config = MockConfig {
        credits: price(0.0),
        ..Default::default()
    };
    let server = Fixture::start(config).await;
    server.accepted(&rich()).await;
    assert_eq!(server.mock.balance(), 0.0);
    for body in [rich(), submission(1)] {
        let (status, error) = read(server.submit(&body).await).await;
        assert_eq!(status, status_code::INSUFFICIENT_CREDITS, "{error}");
        assert_eq!(error["error"]["type"], "insufficient_credits");
    }
    assert_eq!(
        (server.mock.stats().accepted, server.mock.ledger().len()),
        (1, 1)
    );
    assert_eq!(
        server.json(contract::list::PATH).await.1["jobs"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn a_request_appears_after_its_delay() {
    let server = Fixture::compliant().await;
    let mut sent = rich();
    sent["webhook_url"] = Value::Null;
    let id = header_of(&server.submit(&sent).await, header::REQUEST_ID).unwrap();
    let path = usage::EVENT_PATH.replace("{request_id}", &id);
    server.mock.advance(DELAY - Duration::from_nanos(1));
    assert_eq!(server.account(&path).await.0, StatusCode::NOT_FOUND);
    assert_eq!(server.events("").await, Vec::<Value>::new());
    server.mock.advance(Duration::from_nanos(1));
    let (_, event) = server.account(&path).await;
    assert_eq!(event["event_id"], json!(id));
    assert_eq!(event["request"]["body"], sent);
    assert_eq!(event["response"], Value::Null);
    assert!(!event.to_string().contains(MOCK_KEY), "{event}");
    assert_eq!(event["headers"]["authorization"], "<redacted>");
    let lines = event["cost_components"].as_array().unwrap();
    let sum: f64 = lines
        .iter()
        .map(|line| line["credits"].as_f64().unwrap())
        .sum();
    assert_eq!(
        (event["credits_used"].as_f64(), sum),
        (Some(price(0.0)), price(0.0))
    );
    let listed = server.events("").await;
    assert_eq!(listed[0]["event_id"], json!(id));
    assert!(listed[0].get("request").is_none(), "{listed:?}");
    server.mock.delay_events(Duration::MAX);
    let late = header_of(&server.submit(&sent).await, header::REQUEST_ID).unwrap();
    server.mock.advance(Duration::from_secs(1_000_000));
    let late = usage::EVENT_PATH.replace("{request_id}", &late);
    assert_eq!(server.account(&late).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_refusal_is_an_event_with_its_error() {
    let server = Fixture::compliant().await;
    let mut refused = submission(1);
    refused["fields"] = json!([]);
    let (_, error) = read(server.submit(&refused).await).await;
    // Nobody knows whose these are.
    server.client.get(server.url("batch")).send().await.unwrap();
    server.json("nowhere").await;
    server.mock.advance(DELAY);
    let events = server.events("").await;
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!(events[0]["error_type"], error["error"]["type"]);
    let id = events[0]["event_id"].as_str().unwrap();
    let path = usage::EVENT_PATH.replace("{request_id}", id);
    assert_eq!(server.account(&path).await.1["response"], error);
}

#[tokio::test]
async fn events_are_filtered() {
    let server = Fixture::compliant().await;
    server.accepted(&rich()).await;
    server.mock.advance(Duration::from_secs(60));
    server.submit(&json!({})).await;
    server.json(contract::list::PATH).await;
    server.mock.advance(Duration::from_secs(60));
    let all = server.events("").await;
    assert_eq!(all.len(), 3);
    let at = |event: &Value| event["created_at"].as_str().unwrap().replace('+', "%2B");
    for (query, count) in [
        (format!("endpoints={}", submit::PATH), 2),
        (
            format!(
                "endpoints={}&endpoints={}",
                submit::PATH,
                contract::list::PATH
            ),
            3,
        ),
        (
            format!("endpoints={},{}", submit::PATH, contract::list::PATH),
            3,
        ),
        ("endpoints=/nowhere".to_owned(), 0),
        ("status_class=4xx".to_owned(), 1),
        ("status=200".to_owned(), 2),
        ("status=200&status=400".to_owned(), 3),
        ("error_type=invalid_request".to_owned(), 1),
        ("products=batch_person_contact_enrich".to_owned(), 2),
        ("client_surface=mcp".to_owned(), 0),
        ("api_key_ids=170&status_class=4xx".to_owned(), 1),
        (format!("start={}", at(&all[1])), 2),
        (format!("end={}", at(&all[1])), 1),
        ("start=2099-01-01&end=2099-01-02".to_owned(), 0),
        (format!("start={}", at(&all[1]).trim_end_matches('Z')), 2),
        ("start=2099-01-01T00:00:00".to_owned(), 0),
    ] {
        assert_eq!(server.events(&query).await.len(), count, "{query}");
    }
    for query in [
        "limit=0",
        "limit=501",
        "limit=x",
        "cursor=x",
        "start=x",
        "start=2020-01-01",
    ] {
        let (status, _) = server.account(&format!("{}?{query}", usage::PATH)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test]
async fn pages_of_events_neither_repeat_nor_skip() {
    let server = Fixture::compliant().await;
    for _ in 0..5 {
        server.json(contract::list::PATH).await;
    }
    server.mock.advance(DELAY);
    let (mut seen, mut query) = (Vec::new(), "limit=2".to_owned());
    loop {
        let (_, page) = server.account(&format!("{}?{query}", usage::PATH)).await;
        seen.extend(page["events"].as_array().unwrap().clone());
        // What comes in between moves nothing.
        server.json(contract::list::PATH).await;
        server.mock.advance(DELAY);
        match page["has_more"].as_bool().unwrap() {
            true => query = format!("limit=2&cursor={}", page["next_cursor"].as_str().unwrap()),
            false => break assert_eq!(page["next_cursor"], Value::Null),
        }
    }
    let mut ids: Vec<_> = seen.iter().map(|event| event["event_id"].clone()).collect();
    let dates: Vec<_> = seen
        .iter()
        .map(|event| event["created_at"].as_str())
        .collect();
    assert!(
        dates.is_sorted_by(|newer, older| newer >= older),
        "{dates:?}"
    );
    ids.dedup();
    assert_eq!(ids.len(), 5);
}

#[tokio::test]
async fn endpoints_are_filtered() {
    let server = Fixture::compliant().await;
    for (query, count) in [
        (String::new(), 2),
        (format!("path={}", submit::PATH), 1),
        ("path=/nowhere".to_owned(), 0),
        ("category=person&status=enabled".to_owned(), 1),
    ] {
        let path = format!("{}?{query}", account::endpoints::PATH);
        let (_, body) = server.account(&path).await;
        assert_eq!(
            body["endpoints"].as_array().unwrap().len(),
            count,
            "{query}"
        );
    }
    let path = format!("{}?status=odd", account::endpoints::PATH);
    assert_eq!(server.account(&path).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_account_needs_a_key_and_the_version_and_is_free() {
    let server = Fixture::compliant().await;
    let one = usage::EVENT_PATH.replace("{request_id}", "none");
    for path in [
        account::credits::PATH,
        account::endpoints::PATH,
        usage::PATH,
        &one,
    ] {
        let keyless = server.client.get(server.url(path)).send().await.unwrap();
        assert_eq!(keyless.status(), StatusCode::UNAUTHORIZED);
        let unversioned = server.get(path).send().await.unwrap();
        assert_eq!(unversioned.status(), StatusCode::BAD_REQUEST);
        let response = server.account_response(path).await;
        assert_eq!(header_of(&response, header::CREDITS_USED), None);
        assert!(header_of(&response, header::REQUEST_ID).is_some());
    }
    let config = MockConfig {
        has_account: false,
        ..Default::default()
    };
    let without = Fixture::start(config).await;
    for path in [
        account::credits::PATH,
        account::endpoints::PATH,
        usage::PATH,
        &one,
    ] {
        assert_eq!(without.account(path).await.0, StatusCode::NOT_FOUND);
    }
}
