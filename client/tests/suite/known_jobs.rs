//! What is known of jobs before the list is looked through: which ones are others', and which one a failure names.

use std::sync::atomic::{AtomicU64, Ordering};

use crustdata_batch::{Client, Error, Reconciliation, Submission, Uuid};
use serde_json::{Value, json};

use crate::reconcile::{a_while_ago, about_jobs, candidate, dated, page};
use crate::server::{BATCH_ID, Reply, Server, batch_id, job, request, unknown};

/// A server that accepts the first job, knows nothing of others, and hangs up on all submissions but `accepted`,
/// counted from 0.
async fn accepting(accepted: u64) -> Server {
    let submissions = AtomicU64::new(0);
    Server::start(move |request| {
        if !request.line().starts_with("POST") {
            return dated(&page(&[candidate(json!({}))]));
        }
        match submissions.fetch_add(1, Ordering::Relaxed) == accepted {
            true => Reply::new(200, &format!("{{\"batch_id\": \"{BATCH_ID}\"}}")),
            false => Reply::Close,
        }
    })
    .await
}

async fn unknown_submission(client: &Client) -> Submission {
    a_while_ago(unknown(client.submit(&request()).await).submission())
}

/// Stored and read again.
fn stored(submission: &Submission) -> Submission {
    let text = serde_json::to_string(submission).unwrap();
    let read = serde_json::from_str(&text).unwrap();
    assert_eq!(submission, &read);
    read
}

#[tokio::test]
async fn known_jobs_can_be_ruled_out() {
    let other = Uuid::from_u128(1);
    let page = page(&[candidate(json!({})), candidate(json!({"batch_id": other}))]);
    let server = Server::start(move |_| Reply::new(200, &page)).await;
    let submission = stored(&Submission::new(&request()));
    let found = server
        .client()
        .reconcile(&submission)
        .all_others([other], []);
    let found = found.await.unwrap();
    assert!(matches!(found, Reconciliation::Found(job, _) if job.batch_id == batch_id()));
}

/// Two requests of the same size: one is accepted, the other never was.
#[tokio::test]
async fn a_job_that_was_accepted_before_is_another() {
    let server = accepting(0).await;
    let client = server.client();
    let _ = client.clone().submit(&request()).await.unwrap();
    let submission = stored(&unknown_submission(&client).await);
    // Another process has no memory of it, and does not need one.
    for client in [client, server.client()] {
        let looked = client.reconcile(&submission).await.unwrap();
        assert!(matches!(looked, Reconciliation::NotFound(_)), "{looked:?}");
    }
}

#[tokio::test]
async fn a_job_that_was_accepted_since_is_another() {
    let server = accepting(1).await;
    let client = server.client();
    let submission = stored(&unknown_submission(&client).await);
    let _ = client.submit(&request()).await.unwrap();
    let looked = client.reconcile(&submission).await.unwrap();
    assert!(matches!(looked, Reconciliation::NotFound(_)), "{looked:?}");
}

/// The id was handed out, and whoever was to store it crashed.
#[tokio::test]
async fn a_job_that_was_accepted_may_be_that_of_a_submission_made_beforehand() {
    let server = accepting(0).await;
    let client = server.client();
    let submission = Submission::new(&request());
    let _ = client.submit(&request()).await.unwrap();
    let looked = client.reconcile(&submission).await.unwrap();
    assert!(
        matches!(looked, Reconciliation::Ambiguous(..)),
        "{looked:?}"
    );
}

/// It was there before the next was sent.
#[tokio::test]
async fn a_job_that_a_look_came_upon_is_not_that_of_the_next_submission() {
    let server = accepting(u64::MAX).await;
    let client = server.client();
    let first = unknown_submission(&client).await;
    for _ in 0..2 {
        let looked = client.reconcile(&first).all_others([], []).await.unwrap();
        assert!(matches!(looked, Reconciliation::Found(..)), "{looked:?}");
    }
    let next = unknown_submission(&client).await;
    let looked = client.reconcile(&next).all_others([], []).await.unwrap();
    assert!(matches!(looked, Reconciliation::Unproved(_)), "{looked:?}");
}

/// What a failing server that names a job makes of a submission, where the job reads like this and is not in the list.
async fn look_for_named(
    status: u16,
    named: Value,
    excluded: &[Uuid],
) -> (Result<Reconciliation, Error>, Server) {
    let server = Server::start(move |request| {
        if request.line().starts_with("POST") {
            let text = json!({"error": {"metadata": {"active_jobs": [{"batch_id": BATCH_ID}]}}});
            Reply::new(503, &text.to_string())
        } else if request.line().contains(BATCH_ID) {
            Reply::new(status, &named.to_string())
        } else {
            dated(&page(&[]))
        }
    })
    .await;
    let client = server.client();
    let submission = unknown_submission(&client).await;
    assert_eq!(submission.batch_id, Some(batch_id()));
    let looked = client
        .reconcile(&submission)
        .all_others(excluded.iter().copied(), [])
        .await;
    (looked, server)
}

/// Even if it says no more of itself than every job does: the list is not read.
#[tokio::test]
async fn a_job_that_the_failure_names_is_asked_for() {
    for named in [candidate(json!({})), job("pending", json!({}))] {
        let (looked, server) = look_for_named(200, named, &[]).await;
        assert!(
            matches!(looked.unwrap(), Reconciliation::Found(job, _) if job.batch_id == batch_id())
        );
        let requests = server.requests();
        assert_eq!(requests.len(), 2);
        assert_eq!(requests[1].line(), format!("GET /batch/{BATCH_ID}"));
    }
}

#[tokio::test]
async fn a_job_that_the_failure_names_must_fit_like_any_other() {
    for more in [
        json!({"identifier_count": 300}),
        json!({"entity": "company"}),
        json!({"created_at": "2020-01-01T00:00:00Z"}),
    ] {
        let (looked, server) = look_for_named(200, candidate(more), &[]).await;
        assert!(
            matches!(looked, Ok(Reconciliation::NotFound(_))),
            "{looked:?}"
        );
        assert_eq!(about_jobs(&server), 3);
    }
}

#[tokio::test]
async fn a_job_that_the_failure_names_can_be_ruled_out() {
    let (looked, _server) = look_for_named(200, candidate(json!({})), &[batch_id()]).await;
    assert!(
        matches!(looked, Ok(Reconciliation::NotFound(_))),
        "{looked:?}"
    );
}

/// Which of the two an unknown id gives, nobody says.
#[tokio::test]
async fn a_job_that_the_failure_names_may_be_unknown() {
    for status in [400, 404] {
        let (looked, server) = look_for_named(status, json!({}), &[]).await;
        assert!(
            matches!(looked, Ok(Reconciliation::NotFound(_))),
            "{looked:?}"
        );
        assert_eq!(about_jobs(&server), 3);
    }
}

/// It may be the submission's, so nothing is said without it.
#[tokio::test]
async fn a_job_that_the_failure_names_and_that_cannot_be_read_leaves_all_open() {
    let (looked, server) = look_for_named(500, json!({}), &[]).await;
    assert_eq!(looked.unwrap_err().status(), Some(500));
    assert_eq!(about_jobs(&server), 2);
}

/// Both may be the job of either.
#[tokio::test]
async fn two_submissions_whose_outcome_is_unknown_are_ambiguous() {
    let jobs = [1, 2].map(|n| candidate(json!({"batch_id": Uuid::from_u128(n)})));
    let server = Server::start(move |request| match request.line().starts_with("POST") {
        true => Reply::Close,
        false => Reply::new(200, &page(&jobs)),
    })
    .await;
    let client = server.client();
    let submissions = [
        unknown_submission(&client).await,
        unknown_submission(&client).await,
    ];
    for submission in submissions {
        let looked = client.reconcile(&submission).await.unwrap();
        assert!(matches!(looked, Reconciliation::Ambiguous(jobs, _) if jobs.len() == 2));
    }
}

/// A client that lives long does not grow, nor do its errors. A job is remembered once, however often it is met.
#[tokio::test]
async fn no_more_than_the_last_jobs_are_remembered() {
    let submissions = AtomicU64::new(0);
    let server = Server::start(move |_| match submissions.fetch_add(1, Ordering::Relaxed) {
        1_002 => Reply::Close,
        n => {
            let id = Uuid::from_u128(n.min(1_000).into());
            Reply::new(200, &json!({"batch_id": id}).to_string())
        }
    })
    .await;
    let client = server.client();
    for _ in 0..=1_001 {
        let _ = client.submit(&request()).await.unwrap();
    }
    let others = unknown_submission(&client).await.others;
    assert_eq!(others, (1..=1_000).map(Uuid::from_u128).collect());
}
