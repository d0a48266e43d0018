//! The mock's server and its compliant answers to submissions.

use std::time::Duration;

use crustdata_conformance::generated::contract;
use crustdata_mock::{MOCK_KEY, Mock, MockConfig, MockError};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::mock_fixture::{Fixture, read, submission, urls};

/// The body is the envelope of an error.
#[track_caller]
fn expect_error(response: &Value) {
    assert!(response["error"]["type"].is_string(), "{response}");
    assert!(response["error"]["message"].is_string(), "{response}");
    assert!(response["error"]["metadata"].is_object(), "{response}");
}

#[tokio::test]
async fn accepts_the_example_of_the_document() {
    let server = Fixture::compliant().await;
    let example = serde_json::from_str(contract::submit::example::REQUEST).unwrap();
    let (status, mut response) = read(server.submit(&example).await).await;
    assert_eq!(status, StatusCode::OK);

    let mut expected: Value = serde_json::from_str(contract::submit::example::RESPONSE).unwrap();
    let id = response["batch_id"].as_str().unwrap().to_owned();
    assert_eq!(response["status_url"], format!("/batch/{id}"));
    for body in [&mut response, &mut expected] {
        body["batch_id"] = json!("id");
        body["status_url"] = json!("url");
    }
    assert_eq!(response, expected);
}

#[tokio::test]
async fn counts_identifiers_in_both_forms() {
    let server = Fixture::roomy().await;
    for count in [1, 2, contract::submit::identifiers::MAX] {
        let list = submission(count);
        let mut text = list.clone();
        text[contract::submit::identifiers::KEY] = json!(urls(count).join(" , "));
        text["fields"] = json!(contract::submit::fields::VALUES.join(","));
        for body in [list, text] {
            let (status, response) = read(server.submit(&body).await).await;
            assert_eq!(status, StatusCode::OK, "{response}");
            assert_eq!(response["identifier_count"], count);
            assert_eq!(response["entities_requested"], count);
        }
    }
    assert_eq!(server.mock.stats().accepted, 6);
}

#[tokio::test]
async fn accepts_every_optional_key() {
    let server = Fixture::roomy().await;
    for chunk_size in [
        contract::submit::chunk_size::MIN,
        contract::submit::chunk_size::MAX,
    ] {
        let mut body = submission(1);
        body["chunk_size"] = json!(chunk_size);
        body["webhook_url"] = json!(contract::submit::webhook_url::EXAMPLE);
        server.accepted(&body).await;
    }
}

#[tokio::test]
async fn refuses_what_the_contract_refuses() {
    let server = Fixture::compliant().await;
    let too_many = contract::submit::identifiers::MAX + 1;
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
    let mut bodies = vec![
        json!([]),
        json!("text"),
        submission(0),
        submission(too_many),
        with(
            contract::submit::identifiers::KEY,
            json!(urls(too_many).join(",")),
        ),
        with(contract::submit::identifiers::KEY, json!("")),
        with(contract::submit::identifiers::KEY, json!([1])),
        without(contract::submit::identifiers::KEY),
        json!({"business_emails": ["nobody@example.com"], "fields": contract::submit::fields::VALUES}),
        without("fields"),
        with("fields", json!([])),
        with("fields", json!("")),
        with("fields", json!(["home_address"])),
        with(
            "fields",
            json!([contract::submit::fields::VALUES[0], "home_address"]),
        ),
        with(
            "fields",
            json!(format!(
                "{},home_address",
                contract::submit::fields::VALUES[0]
            )),
        ),
        with(
            "fields",
            json!([contract::submit::fields::VALUES[0].to_uppercase()]),
        ),
        with("webhook_url", json!("not a url")),
    ];
    let (min, max) = (
        i64::from(contract::submit::chunk_size::MIN),
        i64::from(contract::submit::chunk_size::MAX),
    );
    for size in [
        json!(min - 1),
        json!(max + 1),
        json!(0),
        json!(-min),
        json!(i64::MAX),
        json!(1e30),
        json!("a"),
    ] {
        bodies.push(with("chunk_size", size));
    }
    for body in bodies {
        let (status, response) = read(server.submit(&body).await).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
        expect_error(&response);
    }
    for body in ["", "{", "\u{feff}{}", &"[".repeat(100_000)] {
        let (status, response) =
            read(server.post().body(body.to_owned()).send().await.unwrap()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        expect_error(&response);
    }
    assert_eq!(server.mock.stats().accepted, 0);
    assert_eq!(server.json(contract::list::PATH).await.1["jobs"], json!([]));
}

#[tokio::test]
async fn lists_the_supported_fields_after_an_unsupported_one() {
    let server = Fixture::compliant().await;
    let body = json!({contract::submit::identifiers::KEY: urls(1), "fields": ["home_address"]});
    let (_, response) = read(server.submit(&body).await).await;
    assert_eq!(
        response["error"]["metadata"]["available_fields"],
        json!(contract::submit::fields::VALUES)
    );
}

#[tokio::test]
async fn asks_for_the_key_first_and_then_for_the_version() {
    let server = Fixture::compliant().await;
    let url = server.url(contract::submit::PATH);
    let (status, response) = read(server.client.post(url.clone()).send().await.unwrap()).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(response["message"].is_string(), "{response}");

    let other = server
        .client
        .post(url.clone())
        .bearer_auth("other")
        .send()
        .await
        .unwrap();
    assert_eq!(other.status(), StatusCode::UNAUTHORIZED);

    let keyed = server.client.post(url).bearer_auth(MOCK_KEY);
    let missing = keyed.try_clone().unwrap().send().await.unwrap();
    let (status, response) = read(missing).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    expect_error(&response);
    assert!(
        response.to_string().contains(contract::header::API_VERSION),
        "{response}"
    );

    let other = keyed
        .header(contract::header::API_VERSION, "1999-01-01")
        .body(submission(1).to_string());
    assert_eq!(
        other.send().await.unwrap().status(),
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn answers_unknown_paths_methods_and_long_bodies() {
    let server = Fixture::compliant().await;
    let cases = [
        (server.get("/nowhere"), StatusCode::NOT_FOUND),
        (
            server.get(contract::submit::PATH),
            StatusCode::METHOD_NOT_ALLOWED,
        ),
        (
            server.post().body(vec![b' '; 5 << 20]),
            StatusCode::PAYLOAD_TOO_LARGE,
        ),
    ];
    for (request, expected) in cases {
        let (status, response) = read(request.send().await.unwrap()).await;
        assert_eq!(status, expected);
        expect_error(&response);
    }
}

#[tokio::test]
async fn lets_five_jobs_be_active() {
    let server = Fixture::compliant().await;
    for _ in 0..contract::limits::ACTIVE_JOBS {
        server.accepted(&submission(1)).await;
    }
    let refused = server.submit(&submission(1)).await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.headers()["x-ratelimit-remaining"], "0");
    let reset: u64 = refused.headers()["x-ratelimit-reset"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();

    server.mock.advance(Duration::from_secs(reset));
    server.accepted(&submission(1)).await;
}

#[tokio::test]
async fn says_that_an_address_is_taken() {
    let first = Mock::start().await.unwrap();
    let listen = first.base_url().socket_addrs(|| None).unwrap()[0];
    let second = MockConfig {
        listen,
        ..Default::default()
    }
    .start()
    .await;
    let error = second.unwrap_err();
    assert!(
        matches!(error, MockError::AddressInUse { address, .. } if address == listen),
        "{error}"
    );
    assert!(error.to_string().contains("port 0"), "{error}");
}

#[tokio::test]
async fn frees_its_port_when_it_is_dropped_or_stopped() {
    for graceful in [false, true] {
        let server = Fixture::compliant().await;
        server.json(contract::list::PATH).await;
        let listen = server.mock.base_url().socket_addrs(|| None).unwrap()[0];
        if graceful {
            server.mock.stop().await;
        } else {
            drop(server.mock);
        }
        let again = MockConfig {
            listen,
            ..Default::default()
        }
        .start()
        .await;
        assert!(again.is_ok(), "{:?}", again.err());
    }
}

#[tokio::test]
async fn accepts_the_key_it_is_given() {
    let key = "another-key".to_owned();
    let server = Fixture::start(MockConfig {
        key,
        ..Default::default()
    })
    .await;
    assert_eq!(
        server.json(contract::list::PATH).await.0,
        StatusCode::UNAUTHORIZED
    );
    let response = server
        .client
        .get(server.url(contract::list::PATH))
        .bearer_auth("another-key")
        .send()
        .await;
    assert_eq!(response.unwrap().status(), StatusCode::OK);
}
