//! Submissions: an accepted job is never lost, an unknown outcome never hidden, nothing ever sent twice.

use std::future::IntoFuture;
use std::sync::atomic::{AtomicBool, Ordering};

use crustdata_batch::{
    Accepted, AcceptedStatus, Action, Client, ClientBuilder, Entity, Error, JoinedResults,
    ListQuery, Reconciliation, Submission, SubmitError, Uuid, WebhookHint,
};
use serde_json::{Value, json};

use crate::results::completed;
use crate::server::{BATCH_ID, Reply, Server, batch_id, client, not_accepted, request, unknown};

fn accepted_body() -> Value {
    json!({
        "batch_id": BATCH_ID,
        "status": "pending",
        "entity": "person",
        "action": "contact_enrich",
        "identifier_count": 1,
        "entities_requested": 1,
        "status_url": format!("/batch/{BATCH_ID}"),
    })
}

/// The accepted response with one key changed, or removed for `None`.
fn with(key: &str, value: Option<Value>) -> String {
    let mut body = accepted_body();
    match value {
        Some(value) => body[key] = value,
        None => drop(body.as_object_mut().unwrap().remove(key)),
    }
    body.to_string()
}

/// Submits to a server that replies so, and makes sure that the request was sent once.
async fn submit(
    reply: impl Fn() -> Reply + Send + Sync + 'static,
) -> Result<Accepted, SubmitError> {
    let server = Server::start(move |_| reply()).await;
    let result = server.client().submit(&request()).await;
    assert_eq!(server.requests().len(), 1, "{result:?}");
    result
}

#[tokio::test]
async fn a_plain_acceptance_is_read_whole_under_every_success_status() {
    for status in [200, 201, 202, 203, 299] {
        let accepted = submit(move || Reply::new(status, &accepted_body().to_string()))
            .await
            .unwrap();
        assert_eq!(accepted.batch_id.to_string(), BATCH_ID);
        let details = accepted.details.unwrap();
        assert_eq!(details.status, AcceptedStatus::Pending);
        assert_eq!(details.entity, Entity::Person);
        assert_eq!(details.action, Action::ContactEnrich);
        assert_eq!(
            (details.identifier_count, details.entities_requested),
            (1, 1)
        );
        assert_eq!(details.status_url, format!("/batch/{BATCH_ID}"));
    }
}

#[tokio::test]
async fn values_and_keys_that_nobody_knows_yet_are_read() {
    for (key, value) in [
        ("status", json!("queued")),
        ("entity", json!("company_v2024")),
        ("action", json!("enrich_v3")),
        ("extra", json!({"deep": [1, null]})),
        ("batch_id", json!(BATCH_ID.to_uppercase())),
        ("batch_id", json!(BATCH_ID.replace('-', ""))),
    ] {
        let body = with(key, Some(value.clone()));
        let accepted = submit(move || Reply::new(200, &body)).await.unwrap();
        assert_eq!(accepted.batch_id.to_string(), BATCH_ID);
        let details = serde_json::to_value(accepted.details.unwrap()).unwrap();
        if key != "extra" && key != "batch_id" {
            assert_eq!(details[key], value);
        }
    }
}

#[tokio::test]
async fn whatever_else_is_wrong_the_id_is_handed_over() {
    let whole = accepted_body().to_string();
    let mut bodies = vec![
        format!("<html><body>{whole}</body></html>"),
        format!("{whole}{whole}"),
        json!({ "data": accepted_body() }).to_string(),
        json!([accepted_body()]).to_string(),
        json!({ "batch_id": BATCH_ID }).to_string(),
        with("batch_id", None),
        with("batch_id", Some(Value::Null)),
        with("batch_id", Some(json!(7))),
        format!("{{ \"batch_id\"\n:\t\"{BATCH_ID}\" }}"),
        // As gateways wrap it.
        json!(whole).to_string(),
        json!({ "statusCode": 202, "body": whole }).to_string(),
        format!("<pre>{}</pre>", json!(whole)),
    ];
    for key in [
        "status",
        "entity",
        "action",
        "identifier_count",
        "entities_requested",
        "status_url",
    ] {
        for value in [
            None,
            Some(Value::Null),
            Some(json!([])),
            Some(json!({"a": 1})),
        ] {
            bodies.push(with(key, value));
        }
    }
    bodies.push(with("identifier_count", Some(json!(-1))));
    bodies.push(with("identifier_count", Some(json!("1"))));
    for body in bodies {
        let sent = body.clone();
        let accepted = submit(move || Reply::new(200, &sent))
            .await
            .unwrap_or_else(|error| panic!("{body}: {error}"));
        assert_eq!(accepted.batch_id.to_string(), BATCH_ID, "{body}");
        let incomplete = accepted.details.unwrap_err();
        assert_eq!(incomplete.status, 200);
        assert_eq!(incomplete.body_excerpt, body);
        assert!(!incomplete.reason.is_empty());
    }
}

#[tokio::test]
async fn an_id_that_only_the_location_has_is_handed_over() {
    let headers = format!("location: https://api.example.com/batch/{BATCH_ID}\r\n");
    let accepted = submit(move || Reply::with_headers(202, &headers, "")).await;
    assert_eq!(accepted.unwrap().batch_id, batch_id());
    let headers = format!("location: /batch/{BATCH_ID}\r\n");
    let error = unknown(submit(move || Reply::with_headers(303, &headers, "")).await);
    assert_eq!(error.batch_id(), Some(batch_id()));
}

/// Whether a path ends in a slash is open, and gateways add to URLs.
#[tokio::test]
async fn an_id_is_read_from_a_url_whatever_stands_around_it() {
    for url in [
        format!("/batch/{BATCH_ID}/"),
        format!("https://api.example.com/batch/{BATCH_ID}?version=1"),
        format!(" /batch/{BATCH_ID}/#top "),
    ] {
        let headers = format!("location: {url}\r\n");
        let by_location = submit(move || Reply::with_headers(202, &headers, "")).await;
        let body = json!({"status_url": url}).to_string();
        let by_body = submit(move || Reply::new(202, &body)).await;
        for accepted in [by_location, by_body] {
            assert_eq!(accepted.unwrap().batch_id, batch_id(), "{url}");
        }
    }
    let body = json!({"batch_id": format!("{BATCH_ID}\n")}).to_string();
    let accepted = submit(move || Reply::new(202, &body)).await;
    assert_eq!(accepted.unwrap().batch_id, batch_id());
}

/// The accepted job's own id stands outermost, wherever in the text.
#[tokio::test]
async fn the_id_of_another_job_is_not_taken_for_the_accepted_one() {
    let other = Uuid::from_u128(1);
    for body in [
        format!(r#"{{"last_job": {{"batch_id": "{other}"}}, "batch_id": "{BATCH_ID}"}}"#),
        format!(r#"{{"last_job": {{"batch_id": "{other}"}}, "status_url": "/batch/{BATCH_ID}"}}"#),
        format!(
            r#"{{"a": [{{"b": {{"batch_id": "{other}"}}}}], "data": {{"batch_id": "{BATCH_ID}"}}}}"#
        ),
    ] {
        let accepted = submit(move || Reply::new(200, &body)).await.unwrap();
        assert_eq!(accepted.batch_id, batch_id());
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_after_the_id_still_gives_the_id() {
    let whole = accepted_body().to_string();
    let id_end = whole.find(BATCH_ID).unwrap() + BATCH_ID.len() + 1;
    for end in id_end..=whole.len() {
        let body = whole[..end].to_owned();
        let accepted = submit(move || Reply::cut_off(202, &body)).await.unwrap();
        assert_eq!(accepted.batch_id.to_string(), BATCH_ID);
    }
}

#[tokio::test]
async fn a_success_without_an_id_is_an_unknown_outcome() {
    for body in [
        "",
        "{}",
        "null",
        "<html>Welcome</html>",
        "{\"batch_id\": null}",
        "{\"batch_id\": \"job-17\", \"status_url\": \"/batch/\"}",
        "{\"error\": {\"type\": \"x\", \"message\": \"y\", \"metadata\": {}}}",
        "\u{0}\u{1b}[31m",
    ] {
        let error = unknown(submit(move || Reply::new(200, body)).await);
        assert!(error.is_unreadable(), "{body}: {error}");
        assert_eq!(error.status(), Some(200));
        assert_eq!(error.body_excerpt(), Some(body));
        assert_eq!(error.batch_id(), None);
        assert!(error.to_string().contains("list of jobs"), "{error}");
        assert!(std::error::Error::source(&error).is_some());
    }
}

#[tokio::test]
async fn the_outcome_is_known_after_a_4xx_and_unknown_after_any_other_failure() {
    for status in [400, 401, 402, 403, 404, 409, 413, 422, 425, 429, 451] {
        let error = not_accepted(submit(move || Reply::new(status, "{}")).await);
        assert_eq!(error.status(), Some(status));
    }
    for status in [
        301, 302, 303, 304, 307, 308, 408, 499, 500, 501, 502, 503, 504, 599,
    ] {
        let error = unknown(submit(move || Reply::new(status, "")).await);
        assert_eq!(error.status(), Some(status));
    }
}

#[tokio::test]
async fn a_failure_that_names_a_job_hands_on_its_id() {
    for status in [400, 408, 409, 425, 429, 499, 500] {
        let error = unknown(submit(move || Reply::new(status, &accepted_body().to_string())).await);
        assert_eq!(error.batch_id(), Some(batch_id()));
        assert!(error.to_string().contains(BATCH_ID), "{error}");
    }
}

/// As it may name the active jobs that there are too many of.
#[tokio::test]
async fn a_refusal_that_names_a_job_handed_out_before_is_a_refusal() {
    let accepted = AtomicBool::new(false);
    let server = Server::start(move |_| {
        let status = if accepted.swap(true, Ordering::Relaxed) {
            429
        } else {
            200
        };
        Reply::new(status, &accepted_body().to_string())
    })
    .await;
    let client = server.client();
    let _ = client.submit(&request()).await.unwrap();
    assert!(not_accepted(client.submit(&request()).await).is_rate_limited());
}

/// Compiles only if it holds.
#[test]
fn everything_can_be_sent_to_other_threads() {
    fn sendable<T: Send>(_: T) {}
    fn shareable<T: Send + Sync + 'static>() {}
    shareable::<Client>();
    shareable::<ClientBuilder>();
    shareable::<Error>();
    shareable::<SubmitError>();
    shareable::<Accepted>();
    shareable::<Submission>();
    shareable::<Reconciliation>();
    shareable::<WebhookHint>();
    shareable::<JoinedResults>();
    let (client, request) = (client("http://127.0.0.1:1"), request());
    let submission = Submission::new(&request);
    sendable(client.submit(&request));
    sendable(client.reconcile(&submission));
    sendable(client.job(batch_id()));
    sendable(client.list(&ListQuery::new()));
    sendable(client.jobs(ListQuery::new()));
    sendable(client.jobs(ListQuery::new()).next());
    sendable(client.wait(batch_id()));
    sendable(client.wait(batch_id()).progress());
    sendable(client.wait(batch_id()).into_future());
    let results = || client.results(&completed(None));
    sendable(results());
    sendable(results().next());
    sendable(results().join(["a"]));
}
