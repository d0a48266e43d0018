//! Finding the job of a submission whose outcome is unknown. No test lets a second submission through.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use crustdata_batch::{ContactEnrichRequest, ContactField, Reconciliation, Submission, Uuid};
use serde_json::{Value, json};

use crate::server::{Reply, Request, Server, batch_id, job, request, unknown};

const NOW: &str = "2999-01-01T00:00:00+00:00";
const LONG_AGO: &str = "2020-01-01T00:00:00Z";

/// A job of one identifier, created just now.
pub(crate) fn candidate(more: Value) -> Value {
    let mut candidate = job(
        "pending",
        json!({"identifier_count": 1, "entities_requested": 1, "created_at": NOW}),
    );
    for (key, value) in more.as_object().unwrap() {
        candidate[key] = value.clone();
    }
    candidate
}

pub(crate) fn page(jobs: &[Value]) -> String {
    json!({"jobs": jobs, "next_cursor": null, "has_more": false}).to_string()
}

/// Requests about jobs, and not about the account's usage.
pub(crate) fn about_jobs(server: &Server) -> usize {
    let requests = server.requests();
    let is_usage = |request: &&Request| request.line().starts_with("GET /account/usage/");
    requests.len() - requests.iter().filter(is_usage).count()
}

/// A reply of a server whose clock shows this.
pub(crate) fn at(time: DateTime<Utc>, body: &str) -> Reply {
    let date = format!("date: {}\r\n", time.format("%a, %d %b %Y %H:%M:%S GMT"));
    Reply::with_headers(200, &date, body)
}

/// A reply of a server whose clock is right.
pub(crate) fn dated(body: &str) -> Reply {
    at(SystemTime::now().into(), body)
}

/// The same submission, sent ten minutes ago.
pub(crate) fn a_while_ago(submission: &Submission) -> Submission {
    let mut submission = submission.clone();
    submission.sent_at -= Duration::from_secs(600);
    submission
}

/// Submits to a server that hangs up on submissions, then looks among these jobs, all others being known.
async fn reconcile(jobs: Vec<Value>) -> Reconciliation {
    let page = page(&jobs);
    let server = Server::start(move |request| match request.line().starts_with("POST") {
        true => Reply::Close,
        false => dated(&page),
    })
    .await;
    let client = server.client();
    let error = unknown(client.submit(&request()).await);
    let submission = a_while_ago(error.submission());
    let result = client.reconcile(&submission).all_others([], []).await;
    let submissions = server
        .requests()
        .iter()
        .filter(|request| request.line().starts_with("POST"))
        .count();
    assert_eq!(submissions, 1);
    result.unwrap()
}

#[tokio::test]
async fn the_only_job_that_fits_is_found() {
    let others = [
        candidate(json!({"batch_id": Uuid::from_u128(1), "identifier_count": 2})),
        candidate(json!({"batch_id": Uuid::from_u128(2), "entities_requested": 2})),
        candidate(json!({"batch_id": Uuid::from_u128(3), "entity": "company"})),
        candidate(json!({"batch_id": Uuid::from_u128(4), "action": "enrich"})),
        candidate(json!({"batch_id": Uuid::from_u128(5), "entity": "new", "action": "search"})),
        candidate(
            json!({"batch_id": Uuid::from_u128(6), "created_at": null, "identifier_count": 2}),
        ),
    ];
    let jobs = [&others[..], &[candidate(json!({}))], &others[..]].concat();
    let Reconciliation::Found(job, _) = reconcile(jobs).await else {
        panic!("not found")
    };
    assert_eq!(job.batch_id, batch_id());
}

#[tokio::test]
async fn an_older_job_does_not_fit() {
    let older = candidate(json!({"created_at": LONG_AGO}));
    for jobs in [vec![older.clone()], vec![]] {
        let count = jobs.len() as u64;
        let Reconciliation::NotFound(evidence) = reconcile(jobs).await else {
            panic!("found")
        };
        assert!(evidence.server_time.is_some());
        assert_eq!(evidence.jobs_read, count);
        assert_eq!(evidence.read_back_to.is_some(), count == 1);
    }
}

/// This machine's clock is an hour ahead of the server's, whose `Date` says so.
#[tokio::test]
async fn a_clock_that_is_ahead_hides_no_job() {
    let an_hour_ago = DateTime::<Utc>::from(SystemTime::now()) - chrono::TimeDelta::hours(1);
    let created = an_hour_ago.to_rfc3339();
    // The second can't be read but leniently.
    for result_count in [json!(null), json!("none")] {
        let job = candidate(json!({"created_at": created, "result_count": result_count}));
        let page = page(&[job]);
        let server = Server::start(move |_| at(an_hour_ago, &page)).await;
        let submission = Submission::new(&request());
        let found = server.client().reconcile(&submission).all_others([], []);
        assert!(matches!(found.await.unwrap(), Reconciliation::Found(..)));
    }
}

#[tokio::test]
async fn two_that_fit_or_one_that_says_too_little_are_ambiguous() {
    let other = candidate(json!({"batch_id": Uuid::from_u128(1)}));
    for jobs in [
        vec![candidate(json!({})), other],
        vec![candidate(json!({"created_at": null}))],
        vec![candidate(json!({"created_at": "yesterday"}))],
        vec![candidate(json!({"created_at": "0001-01-01T00:00:00Z"}))],
        vec![candidate(json!({"created_at": "1970-01-01T00:00:00Z"}))],
        vec![candidate(json!({"created_at": "1980-01-01T00:00:00Z"}))],
        vec![candidate(json!({"identifier_count": null}))],
        vec![candidate(json!({"identifier_count": 0}))],
        vec![candidate(
            json!({"identifier_count": 0, "entities_requested": 0}),
        )],
        vec![candidate(json!({"entity": "person_v2024"}))],
        vec![candidate(json!({"action": "contact_enrich_v2"}))],
    ] {
        let count = jobs.len();
        let Reconciliation::Ambiguous(candidates, _) = reconcile(jobs).await else {
            panic!("not ambiguous")
        };
        assert_eq!(candidates.len(), count);
    }
}

/// One of the two counts is enough, and a zero may stand for an absent one.
#[tokio::test]
async fn a_count_that_is_missing_beside_the_other_changes_nothing() {
    for count in [json!(null), json!(0)] {
        let jobs = vec![candidate(json!({"entities_requested": count}))];
        assert!(matches!(reconcile(jobs).await, Reconciliation::Found(..)));
    }
}

/// As some languages write a date that isn't there: not the first of the jobs that are too old.
#[tokio::test]
async fn a_date_of_zero_does_not_end_the_look() {
    for zero in [
        "0001-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "1980-01-01T00:00:00Z",
    ] {
        let undated =
            json!({"batch_id": Uuid::from_u128(1), "created_at": zero, "identifier_count": 7});
        let jobs = vec![candidate(undated), candidate(json!({}))];
        assert!(
            matches!(reconcile(jobs).await, Reconciliation::Found(..)),
            "{zero}"
        );
    }
}

/// A job that is accepted in between moves the others to the next page.
#[tokio::test]
async fn a_job_that_is_listed_twice_is_one_job() {
    let jobs = vec![candidate(json!({})), candidate(json!({}))];
    assert!(matches!(reconcile(jobs).await, Reconciliation::Found(..)));
}

/// Nobody knows what stands on the pages that can't be reached.
#[tokio::test]
async fn a_list_that_cannot_be_read_to_its_end_says_nothing() {
    let other = candidate(json!({"batch_id": Uuid::from_u128(1), "identifier_count": 7}));
    for jobs in [vec![other], vec![candidate(json!({}))]] {
        let page = json!({"jobs": jobs, "next_cursor": null, "has_more": true}).to_string();
        let server = Server::start(move |_| Reply::new(200, &page)).await;
        let submission = Submission::new(&request());
        let error = server.client().reconcile(&submission).await.unwrap_err();
        assert!(error.to_string().contains("more jobs follow"), "{error}");
    }
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
    let submission = Submission::new(&request());
    let found = server.client().reconcile(&submission).all_others([], []);
    let found = found.await.unwrap();
    assert!(matches!(found, Reconciliation::Found(..)));
    assert_eq!(server.requests().len(), 1);
}

/// As given, and in another spelling of the same.
#[tokio::test]
async fn a_repeated_identifier_may_count_once() {
    let url = "https://www.linkedin.com/in/nobody-0001/";
    for again in [url, "http://linkedin.com/in/nobody-0001"] {
        let request = ContactEnrichRequest::builder()
            .profile_urls([url, again])
            .fields([ContactField::BusinessEmail])
            .build()
            .unwrap();
        for count in [1, 2] {
            let counts = json!({"identifier_count": count, "entities_requested": count});
            let server = Server::responding(200, &page(&[candidate(counts)])).await;
            let submission = Submission::new(&request);
            let found = server.client().reconcile(&submission).all_others([], []);
            assert!(
                matches!(found.await.unwrap(), Reconciliation::Found(..)),
                "{again}: {count}"
            );
        }
    }
}
