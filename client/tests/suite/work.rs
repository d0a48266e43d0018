//! The largest bodies and headers that are read, made to be as much work as possible. Nothing is measured: work that
//! is not linear in them takes minutes to days, and no time-out covers it.

use std::fmt::Write as _;

use crustdata_batch::{ListQuery, WebhookHint};
use serde_json::json;

use crate::server::{BATCH_ID, KEY, Reply, Server, batch_id, job, request};

/// As much of a body as the client reads.
const BODY_LIMIT: usize = 4 << 20;

fn repeated(unit: &str) -> String {
    unit.repeat(BODY_LIMIT / unit.len())
}

/// An odd job with this in it, as long as is read.
fn odd_job(more: &str) -> String {
    let job = job("pending", json!({"identifier_count": "odd"})).to_string();
    format!("{},{more}}}", job.trim_end_matches('}'))
}

fn many_keys() -> String {
    let mut keys = String::new();
    let mut number = 0;
    while keys.len() < BODY_LIMIT - 1_000 {
        write!(keys, "\"k{number}\":{{}},").unwrap();
        number += 1;
    }
    keys + "\"last\":0"
}

/// JSON texts in JSON texts, as deep as fits.
fn nested() -> String {
    let mut text = json!(["x".repeat(BODY_LIMIT / 8)]).to_string();
    loop {
        let outer = json!([text]).to_string();
        if outer.len() > BODY_LIMIT {
            return text;
        }
        text = outer;
    }
}

/// Makes a call of either kind against a server with these responses; none of them can succeed.
async fn check_calls(reply: impl Fn() -> Reply + Send + Sync + 'static) {
    let server = Server::start(move |_| reply()).await;
    let client = server.client();
    let error = client.submit(&request()).await.unwrap_err();
    assert!(error.to_string().len() < 100_000);
    let error = client.job(batch_id()).await.unwrap_err();
    assert!(error.to_string().len() < 100_000);
}

#[tokio::test]
async fn the_largest_bodies_are_no_more_work_than_their_length() {
    let key = &KEY[..KEY.len() - 1];
    for body in [
        repeated("?"),
        repeated("\\"),
        repeated(key),
        repeated("\"batch_id\""),
        repeated("\"batch_id\":\"\\\""),
        format!("\"batch_id\"{}", repeated(" ")),
        format!("[{}0]", "[],".repeat(BODY_LIMIT / 3 - 2)),
        nested(),
        json!({"error": {"message": repeated("?"), "metadata": {"denied_fields": vec!["?????????"; 100_000]}}})
            .to_string(),
    ] {
        WebhookHint::parse(body.as_bytes());
        check_calls(move || Reply::new(500, &body)).await;
    }
}

#[tokio::test]
async fn a_job_with_more_keys_than_anyone_counts_is_read() {
    let job = odd_job(&many_keys());
    assert!(job.len() < BODY_LIMIT);
    let page = format!("{{\"jobs\":[{job}],\"has_more\":false,\"next_cursor\":null}}");
    let server = Server::start(move |request| match request.line().contains(BATCH_ID) {
        true => Reply::new(200, &job),
        false => Reply::new(200, &page),
    })
    .await;
    let client = server.client();
    assert_eq!(client.job(batch_id()).await.unwrap().identifier_count, None);
    let page = client.list(&ListQuery::new()).await.unwrap();
    assert_eq!(page.jobs.len(), 1);
}

/// Required values are looked at again for each of the others.
#[tokio::test]
async fn a_job_of_one_long_value_is_read() {
    let long = "x".repeat(BODY_LIMIT / 2);
    let job = job(
        "pending",
        json!({"entity": long, "identifier_count": "odd", "result_count": "odd"}),
    )
    .to_string();
    let server = Server::responding(200, &job).await;
    let job = server.client().job(batch_id()).await.unwrap();
    assert_eq!(job.entity.len(), BODY_LIMIT / 2);
}

#[tokio::test]
async fn the_longest_headers_are_no_more_work_than_their_length() {
    for unit in ["9", "(", "()", " ", "\\", "/", ",", "Mon, ", "?"] {
        let value = unit.repeat(60_000 / unit.len());
        let headers = [
            "retry-after",
            "date",
            "x-ratelimit-reset",
            "x-ratelimit-remaining",
            "location",
        ]
        .map(|name| format!("{name}: {value}\r\n"))
        .concat();
        check_calls(move || Reply::with_headers(503, &headers, "")).await;
    }
}
