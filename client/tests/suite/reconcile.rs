//! Finding the job of a submission whose outcome is unknown. No test lets a second submission through.

use crustdata_batch::{Reconciliation, Submission, Uuid};
use serde_json::{Value, json};

use crate::server::{BATCH_ID, Reply, Server, batch_id, job, request, unknown};

const NOW: &str = "2999-01-01T00:00:00+00:00";
const LONG_AGO: &str = "2020-01-01T00:00:00Z";

/// A job of one identifier, created just now.
fn candidate(more: Value) -> Value {
    let mut candidate = job(
        "pending",
        json!({"identifier_count": 1, "entities_requested": 1, "created_at": NOW}),
    );
    for (key, value) in more.as_object().unwrap() {
        candidate[key] = value.clone();
    }
    candidate
}

fn page(jobs: &[Value]) -> String {
    json!({"jobs": jobs, "next_cursor": null, "has_more": false}).to_string()
}

/// Submits to a server that hangs up on submissions, then looks among these jobs.
async fn reconcile(jobs: Vec<Value>) -> Reconciliation {
    let page = page(&jobs);
    let server = Server::start(move |request| match request.line().starts_with("POST") {
        true => Reply::Close,
        false => Reply::new(200, &page),
    })
    .await;
    let client = server.client();
    let error = unknown(client.submit(&request()).await);
    let result = client.reconcile(error.submission()).await.unwrap();
    let submissions = server
        .requests()
        .iter()
        .filter(|request| request.line().starts_with("POST"))
        .count();
    assert_eq!(submissions, 1);
    result
}

#[tokio::test]
async fn the_only_job_that_fits_is_found() {
    let others = [
        candidate(json!({"batch_id": Uuid::from_u128(1), "identifier_count": 2})),
        candidate(json!({"batch_id": Uuid::from_u128(2), "entities_requested": 2})),
        candidate(json!({"batch_id": Uuid::from_u128(3), "entity": "company"})),
        candidate(json!({"batch_id": Uuid::from_u128(4), "action": "enrich"})),
    ];
    let jobs = [&others[..], &[candidate(json!({}))], &others[..]].concat();
    let Reconciliation::Found(job) = reconcile(jobs).await else {
        panic!("not found")
    };
    assert_eq!(job.batch_id, batch_id());
}

#[tokio::test]
async fn an_older_job_does_not_fit() {
    let older = candidate(json!({"created_at": LONG_AGO}));
    assert_eq!(reconcile(vec![older]).await, Reconciliation::NotFound);
    assert_eq!(reconcile(vec![]).await, Reconciliation::NotFound);
}

#[tokio::test]
async fn two_that_fit_or_one_that_says_too_little_are_ambiguous() {
    let other = candidate(json!({"batch_id": Uuid::from_u128(1)}));
    for jobs in [
        vec![candidate(json!({})), other],
        vec![candidate(json!({"created_at": null}))],
        vec![candidate(json!({"created_at": "yesterday"}))],
        vec![candidate(json!({"identifier_count": null}))],
    ] {
        let count = jobs.len();
        let Reconciliation::Ambiguous(candidates) = reconcile(jobs).await else {
            panic!("not ambiguous")
        };
        assert_eq!(candidates.len(), count);
    }
}

#[tokio::test]
async fn known_jobs_can_be_ruled_out() {
    let other = Uuid::from_u128(1);
    let page = page(&[candidate(json!({})), candidate(json!({"batch_id": other}))]);
    let server = Server::start(move |_| Reply::new(200, &page)).await;
    let submission = Submission::new(&request()).excluding([other]);
    let found = server.client().reconcile(&submission).await.unwrap();
    assert!(matches!(found, Reconciliation::Found(job) if job.batch_id == batch_id()));
}

#[tokio::test]
async fn the_list_is_read_no_further_than_the_submission() {
    let jobs = [
        candidate(json!({})),
        candidate(json!({"batch_id": Uuid::from_u128(1), "created_at": LONG_AGO})),
    ];
    let page =
        json!({"jobs": jobs, "next_cursor": Uuid::from_u128(1), "has_more": true}).to_string();
    let server = Server::start(move |_| Reply::new(200, &page)).await;
    let found = server
        .client()
        .reconcile(&Submission::new(&request()))
        .await
        .unwrap();
    assert!(matches!(found, Reconciliation::Found(_)));
    assert_eq!(server.requests().len(), 1);
}

/// A failing server that names the job all the same: the job itself is asked for, not the list.
#[tokio::test]
async fn a_job_that_the_failure_names_is_asked_for() {
    let server = Server::start(|request| match request.line().starts_with("POST") {
        true => Reply::new(500, &format!("{{\"batch_id\": \"{BATCH_ID}\"}}")),
        false => Reply::new(200, &job("pending", json!({})).to_string()),
    })
    .await;
    let client = server.client();
    let error = unknown(client.submit(&request()).await);
    let submission = error.submission();
    assert_eq!(submission.batch_id, Some(batch_id()));
    let found = client.reconcile(submission).await.unwrap();
    assert!(matches!(found, Reconciliation::Found(job) if job.batch_id == batch_id()));
    assert_eq!(
        server.requests()[1].line(),
        format!("GET /batch/{BATCH_ID}")
    );
}

#[tokio::test]
async fn a_repeated_identifier_may_count_once() {
    let url = "https://www.linkedin.com/in/nobody-0001/";
    let request = crustdata_batch::ContactEnrichRequest::builder()
        .profile_urls([url, url])
        .fields([crustdata_batch::ContactField::BusinessEmail])
        .build()
        .unwrap();
    for count in [1, 2] {
        let page = page(&[candidate(
            json!({"identifier_count": count, "entities_requested": count}),
        )]);
        let server = Server::start(move |_| Reply::new(200, &page)).await;
        let found = server
            .client()
            .reconcile(&Submission::new(&request))
            .await
            .unwrap();
        assert!(matches!(found, Reconciliation::Found(_)), "{count}");
    }
}

#[test]
fn a_submission_can_be_stored() {
    let submission = Submission::new(&request()).excluding([batch_id()]);
    let text = serde_json::to_string(&submission).unwrap();
    assert_eq!(
        serde_json::from_str::<Submission>(&text).unwrap(),
        submission
    );
}
