//! Faults of the mock that show in one of its states only, each in the state and out of it.

use std::time::Duration;

use crustdata_conformance::generated::contract::{self, submit::chunk_size};
use crustdata_mock::{Clock, JobTiming, MockConfig};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::mock_fixture::{Fixture, read, submission};

/// A mock with this fault, whose jobs are over before the next request.
async fn with(fault: &str) -> Fixture {
    let config = MockConfig::default().fault(fault).unwrap();
    Fixture::start(config.timing(JobTiming::AT_ONCE)).await
}

/// What clients are refused with on purpose is what the API refuses with.
#[tokio::test]
async fn refusals_on_purpose_are_the_apis() {
    for (fault, code, pointer, expected) in [
        (
            "refused-for-credits",
            402,
            "/error/type",
            json!("insufficient_credits"),
        ),
        (
            "refused-as-forbidden",
            403,
            "/error/type",
            json!("permission_error"),
        ),
        (
            "refused-as-forbidden",
            403,
            "/error/metadata/0/denied_fields",
            submission(1)["fields"].clone(),
        ),
    ] {
        let server = with(fault).await;
        let (status, body) = read(server.submit(&submission(1)).await).await;
        assert_eq!(
            (status.as_u16(), body.pointer(pointer)),
            (code, Some(&expected)),
            "{body}"
        );
    }
    let server = with("refused-as-unauthorized").await;
    let (status, body) = read(server.submit(&submission(1)).await).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(body["message"].is_string(), "{body}");
}

/// What is said of a submission holds for whatever earns it: nothing there, something blank, another type.
#[tokio::test]
async fn a_refusal_says_what_is_wrong() {
    let server = Fixture::compliant().await;
    for (key, value, says) in [
        (
            contract::submit::identifiers::KEY,
            json!(["https://www.linkedin.com/in/nobody/", ""]),
            "none of them blank",
        ),
        ("fields", json!([]), "one or more"),
        ("fields", json!({"business_email": true}), "must be a list"),
    ] {
        let mut body = submission(1);
        body[key] = value;
        let (status, answer) = read(server.submit(&body).await).await;
        let message = answer["error"]["message"].as_str().unwrap();
        assert!(status == 400 && message.contains(says), "{message}");
    }
}

fn out_of_range(size: u32) -> Value {
    let mut body = submission(1);
    body["chunk_size"] = json!(size);
    body
}

async fn status(server: &Fixture, body: &Value) -> u16 {
    server.submit(body).await.status().as_u16()
}

#[tokio::test]
async fn a_rule_is_forgotten_when_the_same_comes_twice_in_a_row() {
    let server = with("forgets-chunk-size-on-repeat").await;
    let (one, other) = (out_of_range(1), out_of_range(2));
    for (body, expected) in [(&one, 400), (&other, 400), (&one, 400), (&one, 200)] {
        assert_eq!(status(&server, body).await, expected);
    }
}

#[tokio::test]
async fn a_rule_is_forgotten_after_one_job_or_many() {
    for (fault, jobs) in [
        ("forgets-chunk-size-after-a-job", 1),
        ("forgets-chunk-size-after-many-jobs", 11),
    ] {
        let server = with(fault).await;
        for _ in 0..jobs {
            assert_eq!(status(&server, &out_of_range(1)).await, 400, "{fault}");
            assert_eq!(status(&server, &submission(1)).await, 200, "{fault}");
        }
        assert_eq!(status(&server, &out_of_range(1)).await, 200, "{fault}");
    }
}

/// The statuses that twelve submissions are answered with, of which the sixth comes after one that is refused.
async fn answered(fault: &str) -> Vec<String> {
    let server = with(fault).await;
    let mut statuses = Vec::new();
    for number in 1..=12 {
        if number == 6 {
            assert_eq!(status(&server, &out_of_range(1)).await, 400);
        }
        let (_, answer) = read(server.submit(&submission(1)).await).await;
        statuses.push(answer["status"].as_str().unwrap_or_default().to_owned());
    }
    statuses
}

#[tokio::test]
async fn a_job_is_answered_wrongly_when_it_is_one_of_those() {
    for (fault, wrong) in [
        ("status-of-the-first-job", vec![1]),
        ("status-from-the-tenth-job-on", vec![10, 11, 12]),
        ("status-right-after-a-refusal", vec![6]),
    ] {
        let answered = answered(fault).await;
        for (number, status) in (1..).zip(answered) {
            let is_right = status == contract::submit::accepted::STATUS;
            assert_eq!(is_right, !wrong.contains(&number), "{fault}: job {number}");
        }
    }
}

#[tokio::test]
async fn a_rule_is_forgotten_where_its_key_stands_twice() {
    let server = with("forgets-chunk-size-of-a-repeated-key").await;
    let once = out_of_range(chunk_size::MAX + 1).to_string();
    let twice = once.replacen('{', r#"{"chunk_size":1,"#, 1);
    for (body, expected) in [(once, 400), (twice, 200)] {
        let response = server.post().body(body).send().await.unwrap();
        assert_eq!(response.status().as_u16(), expected);
    }
}

#[tokio::test]
async fn a_job_is_readable_without_a_key_in_one_phase() {
    let config = MockConfig::default()
        .clock(Clock::Manual)
        .fault("processing-job-readable-without-key")
        .unwrap();
    let server = Fixture::start(config).await;
    let id = server.accepted(&submission(1)).await;
    let timing = JobTiming::default();
    for (step, expected) in [
        (Duration::ZERO, StatusCode::UNAUTHORIZED),
        (timing.pending, StatusCode::OK),
        (timing.processing, StatusCode::UNAUTHORIZED),
    ] {
        server.mock.advance(step);
        let url = server.url(&contract::job::PATH.replace("{batch_id}", &id));
        let response = server.client.get(url).send().await.unwrap();
        assert_eq!(response.status(), expected);
    }
}
