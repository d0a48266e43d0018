//! `doctor`: what it says of servers and accounts, with which exit code, and that it only reads.

use std::time::{Duration, SystemTime};

use crustdata_conformance::generated::contract::{API_VERSION, header, limits, submit};
use crustdata_mock::{Clock, Mock, MockConfig, find};

use crate::mock_fixture::submission;
use crate::process::{Printed, SECRET, command, conformance, conformance_on, json, printed};
use crate::targets::{NOBODY, respond, serve};

/// Runs `doctor` on a mock with this set-up.
async fn doctor(config: MockConfig, args: &str) -> Printed {
    let mock = MockConfig {
        key: SECRET.to_owned(),
        ..config
    };
    on(&mock.start().await.expect("the mock starts"), args).await
}

/// Runs `doctor` on this mock, of which it only reads.
async fn on(mock: &Mock, args: &str) -> Printed {
    let (base_url, args) = (mock.base_url().to_string(), format!("doctor {args}"));
    let before = mock.requests().len();
    let printed = tokio::task::spawn_blocking(move || conformance_on(&base_url, &args)).await;
    let asked = mock.requests();
    let reads = asked
        .iter()
        .skip(before)
        .all(|request| request.method == "GET");
    assert!(reads && asked.len() > before, "{asked:?}");
    printed.expect("it ends")
}

fn with(fault: &str) -> MockConfig {
    MockConfig {
        faults: vec![find(fault).expect("there is such a one")],
        ..MockConfig::default()
    }
}

#[tokio::test]
async fn nothing_is_wrong() {
    let printed = doctor(MockConfig::default(), "").await;
    insta::assert_snapshot!("doctor_nothing_wrong", printed.out);
    assert_eq!(printed.code, 0, "{}", printed.err);
}

#[tokio::test]
async fn the_same_as_json() {
    let printed = doctor(MockConfig::default(), "--format json").await;
    let mut diagnosis = json(&printed);
    let target = diagnosis["target"].take();
    assert!(
        target
            .as_str()
            .is_some_and(|target| target.starts_with("http://127.0.0.1:"))
    );
    let text = serde_json::to_string_pretty(&diagnosis).expect("it is JSON");
    insta::assert_snapshot!("doctor_json", text);
}

#[tokio::test]
async fn everything_is_wrong() {
    let mock = MockConfig {
        key: SECRET.to_owned(),
        starts_at: Some(SystemTime::UNIX_EPOCH + Duration::from_secs(4_000_000_000)),
        credits: 3.0,
        ..with("endpoints-disabled")
    };
    let mock = mock.start().await.expect("the mock starts");
    let client = reqwest::Client::new();
    let url = mock.base_url().join(submit::PATH).expect("it is a URL");
    for _ in 0..limits::ACTIVE_JOBS {
        let request = client.post(url.clone()).bearer_auth(SECRET);
        let request = request.header(header::API_VERSION, API_VERSION);
        let response = request.body(submission(1).to_string()).send().await;
        assert!(response.expect("the mock answers").status().is_success());
    }
    let printed = on(&mock, "").await;
    assert_eq!(printed.code, 1, "{}", printed.err);
    // How far the clocks differ depends on the day.
    let (before, after) = printed
        .out
        .split_once("clock")
        .expect("the clock is looked at");
    let (_, after) = after.split_once(" s behind").expect("it is behind");
    let text = format!("{before}clock [so many] s behind{after}");
    insta::assert_snapshot!("doctor_much_wrong", text);
}

#[tokio::test]
async fn a_server_without_paths_for_the_account() {
    let config = MockConfig {
        has_account: false,
        ..MockConfig::default()
    };
    let printed = doctor(config, "").await;
    insta::assert_snapshot!("doctor_without_account", printed.out);
    assert_eq!(printed.code, 0, "{}", printed.err);
}

#[tokio::test]
async fn a_balance_that_is_used_up() {
    let config = MockConfig {
        credits: 0.0,
        ..MockConfig::default()
    };
    let printed = doctor(config, "").await;
    assert!(printed.out.contains("buy credits"), "{}", printed.out);
    assert_eq!(printed.code, 1);
}

#[tokio::test]
async fn a_key_that_is_refused() {
    let mock = MockConfig {
        clock: Clock::Real,
        ..MockConfig::default()
    };
    // It has another key.
    let printed = on(&mock.start().await.expect("the mock starts"), "").await;
    insta::assert_snapshot!("doctor_key_refused", printed.out);
    assert_eq!(printed.code, 1, "{}", printed.err);
}

#[test]
fn no_server_of_this_api() {
    let printed = conformance_on(NOBODY, "doctor");
    assert!(printed.out.contains("can't be reached"), "{}", printed.out);
    assert_eq!(printed.code, 3);
    let website = serve(|stream, _| respond(stream, "200 OK", "text/html", "<h1>Welcome</h1>"));
    let printed = conformance_on(&website, "doctor");
    assert!(
        printed.out.contains("not a server of this API"),
        "{}",
        printed.out
    );
    assert_eq!(printed.code, 3);
    let down = serve(|stream, _| respond(stream, "502 Bad Gateway", "text/html", "<h1>No</h1>"));
    let printed = conformance_on(&down, "doctor");
    assert!(printed.out.contains("not in order"), "{}", printed.out);
    assert_eq!(printed.code, 3);
}

/// As where the base URL goes on into the API.
#[test]
fn a_list_that_is_refused() {
    let other = serve(|stream, _| respond(stream, "400 Bad Request", "application/json", "{}"));
    let printed = conformance_on(&other, "doctor");
    assert!(printed.out.contains("check --base-url"), "{}", printed.out);
    assert_eq!(printed.code, 1);
}

#[test]
fn without_a_key_or_a_server_to_examine_it_is_misused() {
    assert_eq!(conformance("doctor").code, 2);
    let without = command("doctor --base-url http://127.0.0.1:9").output();
    let without = printed(without.expect("the binary runs"));
    assert_eq!(without.code, 2);
    assert!(without.err.contains("CRUSTDATA_API_KEY"), "{}", without.err);
}
