//! The key goes to the API alone, and into no text, whatever a server does.

use std::error::Error;
use std::time::Duration;

use crustdata_batch::{ApiKey, Client, ErrorResponse, ListQuery, SubmitError};
use serde_json::json;

use crate::results::{LINK, completed, gzip, is_download};
use crate::server::{
    BATCH_ID, KEY, Reply, Server, attempts, batch_id, builder, client, job, request, unknown,
};

#[track_caller]
fn assert_hidden(text: &str) {
    // Half of it is too much.
    assert!(
        !text.contains(&KEY[..KEY.len() / 2]),
        "the key is in: {text}"
    );
}

/// Looks through an error, and everything that can be got out of it.
#[track_caller]
fn assert_hidden_in(error: &crustdata_batch::Error) {
    assert_hidden_in_chain(error);
    assert_hidden_in_response(error.body_excerpt(), error.response());
}

/// The same for the error of a submission.
#[track_caller]
fn assert_hidden_in_submission(error: &SubmitError) {
    assert_hidden_in_chain(error);
    match error {
        SubmitError::NotAccepted(error) => assert_hidden_in(error),
        SubmitError::OutcomeUnknown(unknown) => {
            assert_hidden_in_chain(unknown);
            assert_hidden_in_response(unknown.body_excerpt(), unknown.response());
        }
    }
}

#[track_caller]
fn assert_hidden_in_response(excerpt: Option<&str>, response: Option<&ErrorResponse>) {
    assert_hidden(excerpt.unwrap_or_default());
    assert_hidden(&format!("{response:?}"));
}

#[track_caller]
fn assert_hidden_in_chain(error: &dyn Error) {
    assert_hidden(&format!("{error} {error:?} {error:#?}"));
    let mut source = error.source();
    while let Some(cause) = source {
        assert_hidden(&format!("{cause} {cause:?}"));
        source = cause.source();
    }
}

/// Makes every call against a server that replies so, and looks through what comes of it.
async fn check_all_calls(reply: impl Fn() -> Reply + Send + Sync + 'static) {
    let server = Server::start(move |_| reply()).await;
    let client = server.client();
    match client.submit(&request()).await {
        Ok(accepted) => assert_hidden(&format!("{accepted:?} {:?}", accepted.details)),
        Err(error) => assert_hidden_in_submission(&error),
    }
    assert_hidden_in(&client.job(BATCH_ID.parse().unwrap()).await.unwrap_err());
    assert_hidden_in(&client.list(&ListQuery::new()).await.unwrap_err());
    let wait = client.wait(batch_id()).patience(Duration::ZERO);
    assert_hidden(&format!("{wait:?}"));
    assert_hidden_in(&wait.await.unwrap_err());
    let jobs = client.jobs(ListQuery::new());
    assert_hidden(&format!("{jobs:?}"));
    for request in server.requests() {
        assert_eq!(
            request.header("authorization"),
            Some(format!("Bearer {KEY}").as_str())
        );
    }
}

/// A store that echoes what it should never have got, under every status and in a file.
#[tokio::test]
async fn results_show_no_key() {
    for status in [200, 401, 500] {
        let server = Server::start(move |request| match is_download(request) {
            true => Reply::bytes(
                status,
                "",
                &gzip(&format!("{{\"original_identifier\": \"{KEY}")),
            ),
            false => Reply::new(status, KEY),
        })
        .await;
        let client = builder(server.url()).download_attempts(attempts(2));
        let mut results = client.build().unwrap().results(&completed(Some(1)));
        assert_hidden(&format!("{results:?}"));
        assert_hidden_in(&results.next().await.unwrap().unwrap_err());
    }
}

#[test]
fn set_up_shows_no_key() {
    let key = ApiKey::new(KEY).unwrap();
    assert_hidden(&format!("{key:?} {key:#?}"));
    let builder = Client::builder()
        .api_key(key)
        .base_url("http://127.0.0.1:1");
    assert_hidden(&format!("{builder:?} {builder:#?}"));
    let client = builder.build().unwrap();
    assert_hidden(&format!("{client:?} {client:#?}"));
}

#[tokio::test]
async fn a_server_that_echoes_the_key_does_not_get_it_into_any_text() {
    let texts = [
        KEY.to_owned(),
        format!("<html>Authorization: Bearer {KEY}</html>"),
        json!({"message": format!("{KEY} is unknown")}).to_string(),
        json!({"error": {"type": KEY, "message": KEY, "metadata": {"denied_fields": [KEY], "available_fields": [KEY]}}})
            .to_string(),
        // Values that the decoder's own errors quote.
        json!({"batch_id": KEY, "status": "pending", "entity": "person", "action": "enrich"}).to_string(),
        json!({"batch_id": BATCH_ID, "identifier_count": KEY}).to_string(),
        json!({"jobs": KEY, "has_more": KEY}).to_string(),
        // Cut short by the server itself.
        KEY[..KEY.len() - 1].to_owned(),
        json!({"message": format!("{}…", &KEY[..KEY.len() * 2 / 3])}).to_string(),
        // Where an excerpt ends.
        format!("{}{KEY}", "x".repeat(1_000 - KEY.len() / 2)),
    ];
    for text in texts {
        for status in [200, 400, 401, 402, 403, 404, 429, 500] {
            let body = text.clone();
            check_all_calls(move || Reply::new(status, &body)).await;
        }
    }
}

/// JSON in JSON, a URL in a URL, and a page.
#[tokio::test]
async fn a_key_that_is_escaped_is_hidden_however_often() {
    let tail = KEY.trim_start_matches("sk-test-");
    for dash in [
        r"\u002d",
        r"\\-",
        "%2D",
        "%252d",
        "&#x2D;",
        "&#45;",
        "&amp;#45;",
    ] {
        let body = format!("key sk{dash}test{dash}{tail}");
        let server = Server::responding(500, &body).await;
        let error = server.client().job(batch_id()).await.unwrap_err();
        assert_eq!(error.body_excerpt(), Some("key [redacted]"), "{body}");
    }
}

/// What an accepting response and a status have in them is handed over, and not checked by anybody.
#[tokio::test]
async fn what_calls_give_shows_no_key() {
    let status = job(
        "processing",
        json!({"error_message": format!("bad key {KEY}")}),
    );
    let body = json!({
        "batch_id": BATCH_ID, "status": KEY, "entity": "person", "action": "contact_enrich",
        "identifier_count": 1, "entities_requested": 1, "status_url": format!("/batch/{BATCH_ID}?key={KEY}"),
    });
    let page = json!({"jobs": [status], "next_cursor": null, "has_more": false});
    let server = Server::start(move |request| match request.line() {
        line if line.starts_with("POST") => Reply::new(200, &body.to_string()),
        line if line.contains(BATCH_ID) => Reply::new(200, &status.to_string()),
        _ => Reply::new(200, &page.to_string()),
    })
    .await;
    let client = server.client();
    assert_hidden(&format!("{:?}", client.submit(&request()).await.unwrap()));
    assert_hidden(&format!("{:?}", client.job(batch_id()).await.unwrap()));
    assert_hidden(&format!(
        "{:?}",
        client.list(&ListQuery::new()).await.unwrap()
    ));
    let wait = client.wait(batch_id()).deadline(Duration::from_millis(50));
    assert_hidden_in(&wait.await.unwrap_err());
}

/// A link is as good as a key to the results.
#[tokio::test]
async fn a_status_that_cannot_be_read_does_not_show_its_link() {
    let whole = job("completed", json!({"download_url": LINK}));
    let mut odd = whole.clone();
    odd.as_object_mut().unwrap().remove("action");
    let replies: [Box<dyn Fn() -> Reply + Send + Sync>; 2] = [
        Box::new(move || Reply::new(200, &odd.to_string())),
        Box::new(move || Reply::cut_off(200, whole.to_string().trim_end_matches('}'))),
    ];
    for reply in replies {
        let server = Server::start(move |_| reply()).await;
        let error = server.client().job(batch_id()).await.unwrap_err();
        assert!(
            !format!("{error} {error:?}").contains("s3cr3t"),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn broken_connections_show_no_key() {
    check_all_calls(|| Reply::Close).await;
    check_all_calls(|| Reply::Raw(KEY.as_bytes().to_vec())).await;
    check_all_calls(|| Reply::cut_off(200, KEY)).await;
    assert_hidden_in_submission(
        &client("http://127.0.0.1:1")
            .submit(&request())
            .await
            .unwrap_err(),
    );
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = Server::responding(200, "{}").await;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("location: {}/batch\r\n", elsewhere.url());
        check_all_calls(move || Reply::with_headers(status, &location, "")).await;
    }
    assert!(
        elsewhere.requests().is_empty(),
        "{:?}",
        elsewhere.requests()
    );
}

/// An origin of its own is no reason: the client follows nobody at all.
#[tokio::test]
async fn redirects_to_the_same_server_are_not_followed_either() {
    let server = Server::start(|_| Reply::with_headers(307, "location: /elsewhere\r\n", "")).await;
    let error = unknown(server.client().submit(&request()).await);
    assert_eq!(error.status(), Some(307));
    assert_eq!(server.requests().len(), 1);
}

/// The job is asked for by its id, wherever the response says that its status is.
#[tokio::test]
async fn a_status_url_that_leads_elsewhere_is_not_followed() {
    let elsewhere = Server::responding(200, "{}").await;
    let status_url = format!("{}/batch/{BATCH_ID}", elsewhere.url());
    let server = Server::start(move |request| match request.line().starts_with("POST") {
        true => Reply::new(
            200,
            &json!({"batch_id": BATCH_ID, "status_url": status_url}).to_string(),
        ),
        false => Reply::new(200, &job("completed", json!({})).to_string()),
    })
    .await;
    let client = server.client();
    let accepted = client.submit(&request()).await.unwrap();
    client.wait(accepted.batch_id).await.unwrap();
    assert_eq!(server.requests().len(), 2);
    assert!(elsewhere.requests().is_empty());
}
