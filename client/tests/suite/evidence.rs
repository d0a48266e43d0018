//! What is proved about a submission's outcome and what is not: by the identifiers in results, by all that was stored. What clocks
//! prove is in `clocks`. Each client here is that of a process that has just been started.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, TimeDelta, Utc};
use crustdata_batch::{ContactEnrichRequest, ContactField, Reconciliation, Submission, Uuid};
use serde_json::{Value, json};

use crate::reconcile::{a_while_ago, about_jobs, candidate, dated, page};
use crate::results::{LINK, gzip, is_download, lines, record};
use crate::server::{Reply, Server, batch_id, hurried, patient};

pub(crate) const HOUR: Duration = Duration::from_secs(60 * 60);

/// One of several requests of the same size.
pub(crate) fn chunk(number: u32) -> ContactEnrichRequest {
    let urls = (0..2).map(|n| format!("https://www.linkedin.com/in/nobody-{number}-{n}/"));
    ContactEnrichRequest::builder()
        .profile_urls(urls)
        .fields([ContactField::BusinessEmail])
        .build()
        .unwrap()
}

/// Stored before the submission, which was never sent.
pub(crate) fn made_beforehand(number: u32) -> Submission {
    let text = serde_json::to_string(&Submission::new(&chunk(number))).unwrap();
    a_while_ago(&serde_json::from_str(&text).unwrap())
}

/// A job of a chunk's size, at work.
pub(crate) fn at_work() -> Value {
    candidate(json!({"identifier_count": 2, "entities_requested": 2}))
}

/// The job of these chunks, completed. Its server is [`with_results`].
fn completed() -> Value {
    let more = json!({"status": "completed", "result_count": 2, "download_url": LINK});
    let mut job = at_work();
    for (key, value) in more.as_object().unwrap() {
        job[key] = value.clone();
    }
    job
}

/// A server with this list, and with one results file that has the identifiers of these chunks, a half of each.
pub(crate) async fn with_results(jobs: Vec<Value>, chunks: [u32; 2]) -> Server {
    let records = [0, 1].map(|n: usize| {
        record(
            &chunk(chunks[n])
                .professional_network_profile_urls
                .as_slice()[n],
        )
    });
    let file = gzip(&lines(&records));
    Server::start(move |request| match is_download(request) {
        true => Reply::bytes(200, "", &file),
        false => dated(&page(&jobs)),
    })
    .await
}

/// Chunk 5's job was handed out, and chunk 0 never sent: it may not be taken for chunk 0's.
#[tokio::test]
async fn a_job_that_is_at_work_is_nobodys_while_the_others_are_not_known() {
    let server = with_results(vec![at_work()], [5, 5]).await;
    let client = server.client();
    let submission = made_beforehand(0);
    let looked = client.reconcile(&submission).await.unwrap();
    assert!(
        matches!(looked, Reconciliation::Ambiguous(..)),
        "{looked:?}"
    );

    let looked = client.reconcile(&submission).all_others([batch_id()], []);
    let looked = looked.await.unwrap();
    assert!(matches!(looked, Reconciliation::NotFound(_)), "{looked:?}");
}

#[tokio::test]
async fn a_job_that_fits_two_submissions_is_ambiguous_for_both() {
    let server = with_results(vec![at_work()], [5, 5]).await;
    let stored = [0, 5].map(made_beforehand);
    for submission in &stored {
        let looked = server.client().reconcile(submission);
        let looked = looked.all_others([], &stored).await.unwrap();
        assert!(
            matches!(looked, Reconciliation::Ambiguous(..)),
            "{looked:?}"
        );
    }
    // The submission itself is no other.
    let looked = server.client().reconcile(&stored[0]);
    let looked = looked.all_others([], &stored[..1]).await.unwrap();
    assert!(matches!(looked, Reconciliation::Found(..)), "{looked:?}");
}

/// Results tell nothing then.
#[tokio::test]
async fn a_job_of_the_same_identifiers_as_another_submission_is_ambiguous() {
    let server = with_results(vec![completed()], [5, 5]).await;
    let mut other = made_beforehand(5);
    other.sent_at -= Duration::from_secs(1);
    let looked = server.client().reconcile(&made_beforehand(5));
    let looked = looked.all_others([], [&other]).await.unwrap();
    assert!(
        matches!(looked, Reconciliation::Ambiguous(..)),
        "{looked:?}"
    );
}

#[tokio::test]
async fn results_tell_whose_job_it_is() {
    let stored = [0, 5].map(made_beforehand);
    let server = with_results(vec![completed()], [5, 5]).await;
    for others in [None, Some(&stored)] {
        let reconcile = |of: usize| {
            let reconcile = server.client().reconcile(&stored[of]);
            match others {
                Some(others) => reconcile.all_others([], others),
                None => reconcile,
            }
        };
        let looked = reconcile(0).await.unwrap();
        assert!(matches!(looked, Reconciliation::NotFound(_)), "{looked:?}");
        let looked = reconcile(1).await.unwrap();
        assert!(matches!(looked, Reconciliation::Found(..)), "{looked:?}");
    }
}

/// Beside a job that nothing is known of.
#[tokio::test]
async fn a_proved_job_is_found_among_others() {
    let mut other = at_work();
    other["batch_id"] = json!(Uuid::from_u128(1));
    let server = with_results(vec![other, completed()], [5, 5]).await;
    let looked = server.client().reconcile(&made_beforehand(5)).await;
    assert!(matches!(looked.unwrap(), Reconciliation::Found(job, _) if job.batch_id == batch_id()));
}

/// A submission that shares identifiers, results that can't be read, and a submission stored without fingerprints.
#[tokio::test]
async fn results_that_do_not_tell_prove_nothing() {
    let mixed = with_results(vec![completed()], [0, 5]).await;
    let looked = mixed.client().reconcile(&made_beforehand(0)).await.unwrap();
    assert!(
        matches!(looked, Reconciliation::Ambiguous(..)),
        "{looked:?}"
    );

    let list = page(&[completed()]);
    let broken = Server::start(move |request| match is_download(request) {
        true => Reply::new(200, "no gzip"),
        false => dated(&list),
    })
    .await;
    let looked = broken
        .client()
        .reconcile(&made_beforehand(0))
        .await
        .unwrap();
    assert!(
        matches!(looked, Reconciliation::Ambiguous(..)),
        "{looked:?}"
    );

    let server = with_results(vec![completed()], [5, 5]).await;
    let mut stored = serde_json::to_value(made_beforehand(5)).unwrap();
    stored.as_object_mut().unwrap().remove("fingerprints");
    let submission = serde_json::from_value(stored).unwrap();
    let looked = server.client().reconcile(&submission).await.unwrap();
    assert!(
        matches!(looked, Reconciliation::Ambiguous(..)),
        "{looked:?}"
    );
}

/// What can't be read of a file, and what is missing, takes nothing from what is there.
#[tokio::test]
async fn results_with_a_broken_line_tell_whose_job_it_is() {
    let own = chunk(0).professional_network_profile_urls.as_slice()[0].clone();
    for more in ["{\n", ""] {
        let file = gzip(&[&lines(&[record(&own)]), more].concat());
        let server = Server::start(move |request| match is_download(request) {
            true => Reply::bytes(200, "", &file),
            false => dated(&page(&[completed()])),
        })
        .await;
        let looked = server.client().reconcile(&made_beforehand(0)).await;
        assert!(
            matches!(looked, Ok(Reconciliation::Found(..))),
            "{looked:?}"
        );
    }
}

/// Each would take as long to find out.
#[tokio::test]
async fn a_store_that_fails_for_one_file_is_asked_for_no_other() {
    let jobs = [1, 2, 3].map(|n| {
        let mut job = completed();
        job["batch_id"] = json!(Uuid::from_u128(n));
        job["download_url"] = json!(format!("/store/{n}"));
        job
    });
    let list = page(&jobs);
    let server = Server::start(move |request| match is_download(request) {
        true => Reply::new(200, "no gzip"),
        false => dated(&list),
    })
    .await;
    let looked = server.client().reconcile(&made_beforehand(0)).await;
    assert!(
        matches!(&looked, Ok(Reconciliation::Ambiguous(jobs, _)) if jobs.len() == 3),
        "{looked:?}"
    );
    let requests = server.requests();
    let files: HashSet<_> = (requests.iter().filter(|request| is_download(request)))
        .map(|request| request.line().to_owned())
        .collect();
    assert_eq!(files.len(), 1, "{files:?}");
}

/// The bare shape names a profile, which may be the one that was submitted under another URL.
#[tokio::test]
async fn results_that_name_no_identifier_as_submitted_rule_no_job_out() {
    let bare = json!({"professional_network_url": "https://www.linkedin.com/in/ACoAAB/"});
    let file = gzip(&lines(&[bare.clone(), bare]));
    let server = Server::start(move |request| match is_download(request) {
        true => Reply::bytes(200, "", &file),
        false => dated(&page(&[completed()])),
    })
    .await;
    let looked = server
        .client()
        .reconcile(&made_beforehand(0))
        .await
        .unwrap();
    assert!(
        matches!(looked, Reconciliation::Ambiguous(..)),
        "{looked:?}"
    );
}

/// Yesterday's job of the same identifiers has the same results.
#[tokio::test]
async fn results_of_a_job_that_may_be_too_old_prove_nothing() {
    let mut job = completed();
    let created = DateTime::<Utc>::from(SystemTime::now()) - TimeDelta::hours(5);
    job["created_at"] = json!(created.to_rfc3339());
    let server = with_results(vec![job], [5, 5]).await;
    let looked = server
        .client()
        .reconcile(&made_beforehand(5))
        .await
        .unwrap();
    assert!(
        matches!(looked, Reconciliation::Ambiguous(..)),
        "{looked:?}"
    );
}

/// Nothing is listed, then a job at work, then the server fails, then the job is completed.
#[tokio::test]
async fn it_looks_again_until_results_tell() {
    let looks = AtomicUsize::new(0);
    let file = gzip(&lines(&[0, 1].map(|n: usize| {
        record(&chunk(5).professional_network_profile_urls.as_slice()[n])
    })));
    let server = Server::start(move |request| {
        if is_download(request) {
            return Reply::bytes(200, "", &file);
        }
        if request.line().starts_with("GET /account/") {
            return Reply::new(404, "");
        }
        match looks.fetch_add(1, Ordering::Relaxed) {
            0 => Reply::new(200, &page(&[])),
            1 => dated(&page(&[at_work()])),
            2 => Reply::new(502, ""),
            _ => dated(&page(&[completed()])),
        }
    })
    .await;
    let client = patient(&server).build().unwrap();
    let search = client.reconcile(&made_beforehand(5));
    let looked = hurried(search.for_up_to(Duration::MAX)).await.unwrap();
    assert!(matches!(looked, Reconciliation::Found(..)), "{looked:?}");
    assert_eq!(about_jobs(&server), 5);
}

#[tokio::test]
async fn a_time_that_leaves_no_room_is_one_look() {
    let server = Server::responding(200, &page(&[])).await;
    let looking = server.client().reconcile(&made_beforehand(0));
    let looked = looking.for_up_to(Duration::from_secs(1)).await.unwrap();
    assert!(matches!(looked, Reconciliation::Unproved(_)), "{looked:?}");
    assert_eq!(about_jobs(&server), 1);
}
