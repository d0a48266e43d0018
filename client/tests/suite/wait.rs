//! Waiting for the end of a job. The intervals are tested beside the schedule; here they are next to nothing.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crustdata_batch::{Error, JobStatus, Wait};
use serde_json::json;

use crate::server::{KEY, Reply, Server, batch_id, job};

/// Gives these replies one after the other, the last one for ever.
async fn server(replies: Vec<Box<dyn Fn() -> Reply + Send + Sync>>) -> Server {
    let next = AtomicUsize::new(0);
    Server::start(move |_| {
        let index = next.fetch_add(1, Ordering::Relaxed).min(replies.len() - 1);
        replies[index]()
    })
    .await
}

fn status(status: &'static str) -> Box<dyn Fn() -> Reply + Send + Sync> {
    Box::new(move || Reply::new(200, &job(status, json!({"result_count": 1})).to_string()))
}

fn failure(
    reply: impl Fn() -> Reply + Send + Sync + 'static,
) -> Box<dyn Fn() -> Reply + Send + Sync> {
    Box::new(reply)
}

/// A wait that hardly waits.
fn wait(server: &Server) -> Wait {
    let hardly = Duration::from_micros(100);
    server.client().wait(batch_id()).intervals(hardly, hardly)
}

#[tokio::test]
async fn it_asks_until_the_job_is_completed() {
    let server = server(vec![
        status("pending"),
        status("processing"),
        status("archived"),
        status("completed"),
    ])
    .await;
    let seen = Arc::<Mutex<Vec<String>>>::default();
    let log = Arc::clone(&seen);
    let job = wait(&server)
        .on_progress(move |job| log.lock().unwrap().push(job.status.to_string()))
        .await
        .unwrap();
    assert_eq!(job.status, JobStatus::Completed);
    assert_eq!(
        *seen.lock().unwrap(),
        ["pending", "processing", "archived", "completed"]
    );
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn a_stream_shows_each_status_and_ends() {
    let server = server(vec![status("pending"), status("completed")]).await;
    let mut progress = wait(&server).progress();
    assert_eq!(
        progress.next().await.unwrap().unwrap().status,
        JobStatus::Pending
    );
    assert_eq!(
        progress.next().await.unwrap().unwrap().status,
        JobStatus::Completed
    );
    assert!(progress.next().await.is_none());
    assert!(progress.next().await.is_none());
    assert_eq!(server.requests().len(), 2);
}

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
    let server = server(vec![status("processing"), failure(|| Reply::new(502, ""))]).await;
    let error = wait(&server).await.unwrap_err();
    assert_eq!(error.status(), Some(502));
    assert_eq!(error.batch_id(), Some(batch_id()));
    assert_eq!(error.job().unwrap().status, JobStatus::Processing);
    assert_eq!(server.requests().len(), 21);
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

async fn deadline(server: &Server, deadline: Duration) -> Error {
    wait(server).deadline(deadline).await.unwrap_err()
}

#[tokio::test]
async fn a_deadline_gives_the_job_back() {
    let running = server(vec![status("processing")]).await;
    let error = deadline(&running, Duration::from_millis(100)).await;
    assert!(error.is_deadline(), "{error}");
    assert_eq!(error.batch_id(), Some(batch_id()));
    assert_eq!(error.job().unwrap().status, JobStatus::Processing);
    assert!(
        error.to_string().contains(&batch_id().to_string()),
        "{error}"
    );

    // Also while the server keeps us waiting.
    let silent = server(vec![failure(|| Reply::Stall(Vec::new()))]).await;
    let error = deadline(&silent, Duration::from_millis(20)).await;
    assert!(error.is_deadline() && error.job().is_none(), "{error}");
}

#[tokio::test]
async fn settings_beyond_all_bounds_are_taken() {
    let server = server(vec![status("completed")]).await;
    let wait = server.client().wait(batch_id());
    let job = wait
        .deadline(Duration::MAX)
        .intervals(Duration::MAX, Duration::MAX)
        .await;
    job.unwrap();
}

#[tokio::test]
async fn a_wait_that_was_dropped_can_be_made_again_elsewhere() {
    let server = server(vec![status("pending"), status("completed")]).await;
    let mut first = wait(&server).progress();
    first.next().await.unwrap().unwrap();
    drop(first);
    let id = batch_id().to_string().parse().unwrap();
    server.client().wait(id).await.unwrap();
}
