//! What the clocks of this machine and of the server prove of a submission's outcome.

use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};
use crustdata_batch::{Reconciliation, Uuid};
use serde_json::json;

use crate::evidence::{HOUR, at_work, chunk, made_beforehand, with_results};
use crate::reconcile::{at, dated, page};
use crate::server::{BATCH_ID, Reply, Server, batch_id, unknown};

/// The clock was an hour ahead when the request was sent, and has been set since.
#[tokio::test]
async fn a_clock_that_was_ahead_hides_no_job() {
    let now = DateTime::<Utc>::from(SystemTime::now());
    let mut job = at_work();
    for (sent_at, created) in [
        // At once: the request was sent in the future.
        (SystemTime::now() + HOUR, now),
        (SystemTime::now() + 1000 * HOUR, now),
        // And hours later.
        (SystemTime::now() - HOUR, now - TimeDelta::hours(2)),
    ] {
        job["created_at"] = json!(created.to_rfc3339());
        let server = with_results(vec![job.clone()], [0, 0]).await;
        let mut submission = made_beforehand(0);
        submission.sent_at = sent_at;
        let looked = server.client().reconcile(&submission).all_others([], []);
        let looked = looked.await.unwrap();
        assert!(
            matches!(looked, Reconciliation::Ambiguous(..)),
            "{looked:?}"
        );
    }
}

/// In the server's future, too recently, by a server that does not tell the time.
#[tokio::test]
async fn without_evidence_no_job_is_said_to_be_absent() {
    let now = || DateTime::<Utc>::from(SystemTime::now());
    for tells_the_time in [true, false] {
        for sent_ago in [-TimeDelta::hours(1), TimeDelta::seconds(10)] {
            let server = Server::start(move |_| match tells_the_time {
                true => dated(&page(&[])),
                false => Reply::new(200, &page(&[])),
            })
            .await;
            let mut submission = made_beforehand(0);
            submission.sent_at = (now() - sent_ago).into();
            let looked = server.client().reconcile(&submission).await.unwrap();
            let Reconciliation::Unproved(evidence) = looked else {
                panic!("{looked:?}")
            };
            assert_eq!(evidence.server_time.is_some(), tells_the_time);
            assert_eq!((evidence.jobs_read, evidence.read_back_to), (0, None));
        }
    }
    let server = Server::responding(200, &page(&[])).await;
    let looked = server
        .client()
        .reconcile(&made_beforehand(0))
        .await
        .unwrap();
    assert!(matches!(looked, Reconciliation::Unproved(_)), "{looked:?}");
}

/// A server whose clock was known when the request was sent: this machine's does not matter then.
#[tokio::test]
async fn the_servers_clock_at_the_submission_goes_before_this_machines() {
    let mut job = at_work();
    job["batch_id"] = json!(Uuid::from_u128(1));
    // By the server's clock: an hour before the submission, when no clock could mistake it for its job.
    let then = DateTime::<Utc>::from(SystemTime::now()) - TimeDelta::hours(9);
    job["created_at"] = json!((then - TimeDelta::hours(1)).to_rfc3339());
    let list = page(&[job]);
    let server = Server::start(move |request| match request.line() {
        line if line.starts_with("POST") => Reply::Close,
        line if line.contains(BATCH_ID) => at(then, "{}"),
        // Two minutes later.
        _ => at(then + TimeDelta::minutes(2), &list),
    })
    .await;
    let client = server.client();
    let _ = client.job(batch_id()).await;
    let error = unknown(client.submit(&chunk(0)).await);
    let looked = client.reconcile(error.submission()).await.unwrap();
    assert!(matches!(looked, Reconciliation::NotFound(_)), "{looked:?}");
    // The same of one that is described before it is sent.
    let client = server.client();
    let _ = client.job(batch_id()).await;
    let submission = client.submission(&chunk(0));
    let looked = client.reconcile(&submission).await.unwrap();
    assert!(matches!(looked, Reconciliation::NotFound(_)), "{looked:?}");
}
