//! The mock's rate limits: how many requests each operation admits, and what its headers tell of them.

use std::time::Duration;

use crustdata_conformance::generated::contract::{self, account, list, status_code, submit, usage};
use crustdata_mock::{MockConfig, RateLimit};
use reqwest::{Response, StatusCode};
use serde_json::Value;

use crate::mock_fixture::{Fixture, read, submission};

impl Fixture {
    async fn asked(&self, path: &str) -> Response {
        let get = self
            .get(path)
            .header(contract::header::API_VERSION, contract::API_VERSION);
        get.send().await.unwrap()
    }

    /// Asks until it is told to wait: how many requests were admitted, and what the refusal says.
    async fn until_refused(&self, path: &str) -> (u32, Response) {
        for admitted in 0.. {
            let response = self.asked(path).await;
            if response.status() == StatusCode::TOO_MANY_REQUESTS {
                return (admitted, response);
            }
            assert_eq!(response.status(), StatusCode::OK);
        }
        unreachable!("there are more requests than numbers")
    }
}

fn number(response: &Response, name: &str) -> u32 {
    response.headers()[name].to_str().unwrap().parse().unwrap()
}

fn limit(response: &Response) -> u32 {
    number(response, contract::header::RATE_LIMIT_LIMIT)
}

fn remaining(response: &Response) -> u32 {
    number(response, contract::header::RATE_LIMIT_REMAINING)
}

#[tokio::test]
async fn a_limit_is_told_and_held_to_until_there_is_room() {
    let rate = RateLimit::a_minute(2);
    let server = Fixture::start(MockConfig {
        rate,
        ..MockConfig::default()
    })
    .await;
    for left in [1, 0] {
        let response = server.asked(list::PATH).await;
        assert_eq!((limit(&response), remaining(&response)), (2, left));
        server.mock.advance(Duration::from_secs(20));
    }
    let (admitted, refused) = server.until_refused(list::PATH).await;
    assert_eq!((admitted, remaining(&refused)), (0, 0));
    // The first request leaves the window, and the second does not.
    let reset = number(&refused, contract::header::RATE_LIMIT_RESET);
    assert_eq!(reset, 20);
    server.mock.advance(Duration::from_secs(reset.into()));
    assert_eq!(server.until_refused(list::PATH).await.0, 1);
}

#[tokio::test]
async fn each_operation_has_a_limit_of_its_own() {
    let server = Fixture::start(MockConfig {
        rate: RateLimit::a_minute(1),
        ..MockConfig::default()
    })
    .await;
    let (status, job) = read(server.submit(&submission(1)).await).await;
    assert_eq!(status, StatusCode::OK);
    let job = job["status_url"].as_str().unwrap();
    let refused = server.submit(&submission(1)).await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    // What other operations were asked does not count here.
    assert_eq!(server.until_refused(job).await.0, 1);
    assert_eq!(server.until_refused(list::PATH).await.0, 1);
}

#[tokio::test]
async fn the_account_has_the_limits_of_the_contract() {
    let server = Fixture::compliant().await;
    for path in [account::credits::PATH, account::endpoints::PATH] {
        let (admitted, refused) = server.until_refused(path).await;
        assert_eq!(admitted, account::REQUESTS_PER_MINUTE, "{path}");
        assert_eq!(limit(&refused), account::REQUESTS_PER_MINUTE);
    }
    // Usage is one limit, whichever path is asked for.
    let event = format!("{}/no-such-event", usage::PATH);
    let response = server.asked(&event).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert_eq!(remaining(&response), usage::REQUESTS_PER_MINUTE - 1);
    let (admitted, refused) = server.until_refused(usage::PATH).await;
    assert_eq!(admitted, usage::REQUESTS_PER_MINUTE - 1);
    assert_eq!(limit(&refused), usage::REQUESTS_PER_MINUTE);
    assert_eq!(
        server.asked(&event).await.status(),
        StatusCode::TOO_MANY_REQUESTS
    );
    // Jobs know nothing of it.
    server.accepted(&submission(1)).await;
}

#[tokio::test]
async fn what_is_throttled_is_an_event_also_of_the_usage_itself() {
    let server = Fixture::start(MockConfig {
        usage_rate: RateLimit::a_minute(1),
        ..MockConfig::default()
    })
    .await;
    let (admitted, refused) = server.until_refused(usage::PATH).await;
    assert_eq!(admitted, 1);
    let id = refused.headers()[contract::header::REQUEST_ID].clone();
    server.mock.advance(Duration::from_secs(60));
    let page: Value = server.asked(usage::PATH).await.json().await.unwrap();
    let events = page["events"].as_array().unwrap();
    let [event] = &events[..] else {
        panic!("what was answered leaves no event: {page}")
    };
    assert_eq!(event["event_id"], id.to_str().unwrap());
    assert_eq!(event["status"], status_code::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_limit_of_the_key_holds_over_all() {
    let server = Fixture::start(MockConfig {
        rate: RateLimit::a_minute(10),
        key_rate: Some(RateLimit::a_minute(3)),
        ..MockConfig::default()
    })
    .await;
    let response = server.asked(list::PATH).await;
    // The headers are about the limit that is nearer.
    assert_eq!((limit(&response), remaining(&response)), (3, 2));
    let of_account = server.asked(account::endpoints::PATH).await;
    assert_eq!(remaining(&of_account), 1);
    let told: Value = of_account.json().await.unwrap();
    assert_eq!(told["token_limit_rpm"], 3.0);
    let entries = told["endpoints"].as_array().unwrap();
    let own = entries.iter().find(|entry| entry["path"] == submit::PATH);
    assert_eq!(own.unwrap()["effective_rate_limit_rpm"], 10.0);
    server.accepted(&submission(1)).await;
    for path in [list::PATH, account::credits::PATH, usage::PATH] {
        assert_eq!(server.until_refused(path).await.0, 0, "{path}");
    }
}
