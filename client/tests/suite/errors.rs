//! Responses that are no success: what can be asked of the error, and what it says.

use std::time::Duration;

use crustdata_batch::{Accepted, Error, SubmitError};
use serde_json::json;

use crate::server::{BATCH_ID, Reply, Server, not_accepted, request};

async fn submit(
    reply: impl Fn() -> Reply + Send + Sync + 'static,
) -> Result<Accepted, SubmitError> {
    let server = Server::start(move |_| reply()).await;
    server.client().submit(&request()).await
}

/// Submits to a server that refuses.
async fn refused(reply: impl Fn() -> Reply + Send + Sync + 'static) -> Error {
    not_accepted(submit(reply).await)
}

/// The error body that the provider documents.
fn enveloped(kind: &str, message: &str, metadata: serde_json::Value) -> String {
    json!({"error": {"type": kind, "message": message, "metadata": metadata}}).to_string()
}

#[tokio::test]
async fn each_status_has_its_question() {
    let asked = |error: &Error| {
        [
            error.is_unauthorized(),
            error.is_insufficient_credits(),
            error.is_forbidden(),
            error.is_not_found(),
            error.is_rate_limited(),
        ]
    };
    for (index, status) in [401, 402, 403, 404, 429].into_iter().enumerate() {
        let mut expected = [false; 5];
        expected[index] = true;
        let error = refused(move || Reply::new(status, "{}")).await;
        assert_eq!(asked(&error), expected, "{error}");
    }
    assert_eq!(asked(&refused(|| Reply::new(400, "{}")).await), [false; 5]);
}

#[tokio::test]
async fn the_envelope_is_read_with_metadata_of_both_shapes() {
    let denied = ["business_email", "personal_contact_info.phone_numbers"];
    for metadata in [
        json!({"denied_fields": denied}),
        json!([{"denied_fields": denied}]),
        json!([{"denied_fields": denied[..1]}, "else", {"denied_fields": denied[1..]}]),
    ] {
        let body = enveloped("permission_error", "Not yours.", metadata);
        let error = refused(move || Reply::new(403, &body)).await;
        let response = error.response().unwrap();
        assert_eq!(response.kind(), Some("permission_error"));
        assert_eq!(response.message(), Some("Not yours."));
        assert_eq!(response.denied_fields(), denied);
        assert!(response.available_fields().is_empty());
    }
}

#[tokio::test]
async fn a_flat_body_is_read() {
    let error = refused(|| Reply::new(401, r#"{"message": "Invalid token"}"#)).await;
    assert_eq!(error.response().unwrap().message(), Some("Invalid token"));
    assert_eq!(error.response().unwrap().kind(), None);
}

#[tokio::test]
async fn odd_error_bodies_keep_status_and_excerpt() {
    for body in [
        "",
        "<html><h1>Bad gateway</h1></html>",
        "[]",
        "7",
        r#"{"error": "no"}"#,
        r#"{"error": {"type": 1, "message": [], "metadata": "text"}}"#,
        r#"{"error": {"metadata": {"denied_fields": "business_email"}}}"#,
        r#"{"error": {"metadata": [[1], null]}}"#,
    ] {
        for status in [300, 400, 401, 402, 403, 404, 405, 422, 429, 500, 503] {
            let (seen, response) = match submit(move || Reply::new(status, body)).await {
                Err(SubmitError::NotAccepted(error)) => (error.status(), error.response().cloned()),
                Err(SubmitError::OutcomeUnknown(error)) => {
                    (error.status(), error.response().cloned())
                }
                Ok(accepted) => panic!("{accepted:?}"),
            };
            assert_eq!(seen, Some(status));
            let response = response.unwrap();
            assert_eq!(response.body_excerpt(), body);
            assert_eq!(response.message(), None);
        }
    }
}

#[tokio::test]
async fn the_wait_is_read_from_either_header() {
    for (headers, expected) in [
        ("", None),
        ("x-ratelimit-reset: 7\r\n", Some(7)),
        ("retry-after: 9\r\n", Some(9)),
        ("retry-after: 9\r\nx-ratelimit-reset: 7\r\n", Some(9)),
        ("retry-after: 9\r\nx-ratelimit-reset: 11\r\n", Some(11)),
        (
            "date: Wed, 21 Oct 2026 07:28:00 GMT\r\nretry-after: Wed, 21 Oct 2026 07:28:13 GMT\r\n",
            Some(13),
        ),
        ("retry-after: Wed, 21 Oct 2015 07:28:00 GMT\r\n", Some(0)),
        ("retry-after: tomorrow\r\n", None),
        ("x-ratelimit-reset: -1\r\nretry-after: 9\r\n", Some(9)),
        ("x-ratelimit-reset: soon\r\n", None),
    ] {
        let error = refused(move || Reply::with_headers(429, headers, "")).await;
        assert_eq!(
            error.response().unwrap().retry_after(),
            expected.map(Duration::from_secs),
            "{headers}"
        );
    }
}

#[tokio::test]
async fn long_texts_are_quoted_in_part() {
    let long = "x".repeat(1_000_000);
    let names = vec![&long; 3];
    let body = enveloped(&long, &long, json!({"denied_fields": names}));
    let error = refused(move || Reply::new(403, &body)).await;
    let length = error.to_string().len();
    assert!(length < 10_000, "{length}");
    assert!(format!("{error:?}").len() < 10_000);
}

#[tokio::test]
async fn long_bodies_are_quoted_in_part() {
    let error = refused(|| Reply::new(400, &"ä".repeat(100_000))).await;
    assert_eq!(error.body_excerpt().unwrap().chars().count(), 1_001);
}

/// What people read. Each text says what happened and what to do next.
#[tokio::test]
async fn texts() {
    let mut texts = Vec::new();
    for (status, headers, body) in [
        (
            400,
            "",
            enveloped(
                "invalid_request",
                "Unsupported field.",
                json!({"available_fields": ["business_email"]}),
            ),
        ),
        (401, "", r#"{"message": "Invalid token"}"#.to_owned()),
        (
            402,
            "",
            enveloped("insufficient_credits", "No credits left.", json!({})),
        ),
        (
            403,
            "",
            enveloped(
                "permission_error",
                "Locked.",
                json!([{"denied_fields": ["business_email"]}]),
            ),
        ),
        (404, "", String::new()),
        (429, "x-ratelimit-reset: 12\r\n", String::new()),
        (
            500,
            "",
            "<html>\n<h1>Internal \u{1b}[31merror</h1>".to_owned(),
        ),
        (200, "", "<html>Welcome</html>".to_owned()),
        (
            307,
            "location: https://elsewhere.example.com/\r\n",
            String::new(),
        ),
    ] {
        texts.push(
            submit(move || Reply::with_headers(status, headers, &body))
                .await
                .unwrap_err()
                .to_string(),
        );
    }
    let server = Server::responding(503, "").await;
    texts.push(
        server
            .client()
            .job(BATCH_ID.parse().unwrap())
            .await
            .unwrap_err()
            .to_string(),
    );
    let server = Server::start(|_| Reply::Close).await;
    texts.push(
        server
            .client()
            .submit(&request())
            .await
            .unwrap_err()
            .to_string(),
    );
    insta::assert_snapshot!(texts.join("\n\n"));
}
