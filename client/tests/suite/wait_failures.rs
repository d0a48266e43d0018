//! Waiting for the end of a job while polls fail: what is survived, and what ends it.

use std::time::Duration;

use crustdata_batch::{Event, JobStatus};
use serde_json::json;

use crate::server::{BATCH_ID, KEY, Reply, Server, batch_id, builder, job, request};
use crate::wait::{HOUR, an_hour_later, failure, server, status, wait};

#[tokio::test]
async fn failures_of_the_moment_are_survived() {
    let server = server(vec![
        failure(|| Reply::Close),
        failure(|| Reply::new(500, "<html>")),
        failure(|| {
            Reply::with_headers(
                429,
                "x-ratelimit-reset: 0\r\nx-ratelimit-remaining: 0\r\n",
                "",
            )
        }),
        failure(|| Reply::new(200, "<html>")),
        failure(|| Reply::cut_off(200, "{")),
        failure(|| Reply::new(503, "")),
        status("completed"),
    ])
    .await;
    assert_eq!(wait(&server).await.unwrap().status, JobStatus::Completed);
    assert_eq!(server.requests().len(), 7);
}

#[tokio::test]
async fn failures_without_end_end_it_with_the_jobs_id() {
    for (patience, requests) in [
        (Duration::ZERO, 2..=2),
        (Duration::from_millis(20), 3..=usize::MAX),
    ] {
        let server = server(vec![status("processing"), failure(|| Reply::new(502, ""))]).await;
        let error = wait(&server).patience(patience).await.unwrap_err();
        assert_eq!(error.status(), Some(502));
        assert_eq!(error.batch_id(), Some(batch_id()));
        assert_eq!(error.job().unwrap().status, JobStatus::Processing);
        let asked = server.requests().len();
        assert!(requests.contains(&asked), "{asked} requests");
    }
}

/// It is the time that counts. How much of it is tested beside the patience.
#[tokio::test]
async fn a_wait_that_asks_often_does_not_give_up_sooner() {
    let mut replies: Vec<_> = (0..100).map(|_| failure(|| Reply::new(502, ""))).collect();
    replies.push(status("completed"));
    let server = server(replies).await;
    wait(&server).await.unwrap();
    assert_eq!(server.requests().len(), 101);
}

/// Whoever gives a paid job up says which one, and what to do about it.
#[tokio::test]
async fn a_wait_that_gives_up_names_the_job_in_its_text() {
    for (code, advice) in [
        (400, "Check the job's id"),
        (401, "Check the API key"),
        (403, "Leave out"),
        (404, "Check the job's id"),
        (429, "Wait, then try again"),
        (502, "It is safe to try again"),
    ] {
        let server = Server::responding(code, "").await;
        let error = wait(&server).patience(Duration::ZERO).await.unwrap_err();
        let text = error.to_string();
        let begin =
            format!("waiting for the end of job {BATCH_ID} failed: the API answered {code}");
        assert!(text.starts_with(&begin) && text.contains(advice), "{text}");
    }
}

#[tokio::test]
async fn errors_that_stay_end_it_at_once() {
    for code in [400, 401, 403, 404] {
        let server = server(vec![
            status("pending"),
            failure(move || Reply::new(code, "")),
        ])
        .await;
        let error = wait(&server).await.unwrap_err();
        assert_eq!(error.status(), Some(code));
        assert_eq!(error.batch_id(), Some(batch_id()));
        assert_eq!(server.requests().len(), 2);
    }
}

#[tokio::test]
async fn a_job_that_fails_is_an_error_that_says_why() {
    let failed = || {
        Reply::new(
            200,
            &job(
                "failed",
                json!({"error_message": format!("no luck, {KEY}")}),
            )
            .to_string(),
        )
    };
    let server = server(vec![status("processing"), failure(failed)]).await;
    let error = wait(&server).await.unwrap_err();
    assert!(error.is_job_failed() && !error.is_transient());
    assert_eq!(error.job().unwrap().status, JobStatus::Failed);
    assert!(error.to_string().contains("no luck"), "{error}");
    assert!(!format!("{error} {error:?}").contains(KEY), "{error:?}");
}

fn unknown_job() -> Box<dyn Fn() -> Reply + Send + Sync> {
    failure(|| Reply::new(404, ""))
}

/// The API may not have it where it reads jobs from.
#[tokio::test]
async fn a_job_that_can_not_be_read_yet_is_waited_for() {
    let replies = vec![unknown_job(), unknown_job(), status("completed")];
    let server = server(replies).await;
    wait(&server).await.unwrap();
    assert_eq!(server.requests().len(), 3);
}

/// As long as patience lasts where the job was accepted here, and for a minute where the id may be wrong.
#[tokio::test]
async fn a_job_that_nobody_knows_is_given_up_in_the_end() {
    for is_accepted_here in [false, true] {
        let accepted = failure(|| Reply::new(202, &format!("{{\"batch_id\": \"{BATCH_ID}\"}}")));
        let mut replies = vec![unknown_job()];
        if is_accepted_here {
            replies.insert(0, accepted);
        }
        let server = server(replies).await;
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        let client = builder(server.url()).on_event(move |event| tell.send(event.clone()).unwrap());
        let client = client.build().unwrap();
        if is_accepted_here {
            let _ = client.submit(&request()).await.unwrap();
        }
        let hardly = Duration::from_micros(100);
        let wait = client.wait(batch_id()).intervals(hardly, hardly);
        let mut progress = wait.patience(4 * HOUR).progress();
        let mut failure_or_end = async || {
            while told.try_recv().is_ok() {}
            tokio::select! {
                item = progress.next() => item,
                event = told.recv() => {
                    assert!(matches!(event, Some(Event::PollFailed { .. })), "{event:?}");
                    None
                }
            }
        };
        let first = failure_or_end().await;
        assert!(first.is_none(), "{first:?}");
        an_hour_later().await;
        match failure_or_end().await {
            Some(item) => {
                assert!(!is_accepted_here, "{item:?}");
                assert!(item.unwrap_err().is_not_found());
            }
            None => assert!(is_accepted_here),
        }
    }
}
