//! Waiting for the end of a job. The intervals are tested beside the schedule; here they are next to nothing. Polls that
//! fail are in `wait_failures`.

use std::future::IntoFuture as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crustdata_batch::{JobStatus, Wait};
use serde_json::json;

use crate::server::{LONG, Reply, Server, batch_id, hurried, job, patient};

pub(crate) const HOUR: Duration = Duration::from_secs(60 * 60);

/// Gives these replies one after the other, the last one for ever.
pub(crate) async fn server(replies: Vec<Box<dyn Fn() -> Reply + Send + Sync>>) -> Server {
    let next = AtomicUsize::new(0);
    Server::start(move |_| {
        let index = next.fetch_add(1, Ordering::Relaxed).min(replies.len() - 1);
        replies[index]()
    })
    .await
}

pub(crate) fn status(status: &'static str) -> Box<dyn Fn() -> Reply + Send + Sync> {
    Box::new(move || Reply::new(200, &job(status, json!({"result_count": 1})).to_string()))
}

pub(crate) fn failure(
    reply: impl Fn() -> Reply + Send + Sync + 'static,
) -> Box<dyn Fn() -> Reply + Send + Sync> {
    Box::new(reply)
}

/// A wait that hardly waits.
pub(crate) fn wait(server: &Server) -> Wait {
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

/// A status that nobody knows, of a job that has ended by another sign.
#[tokio::test]
async fn a_job_that_has_ended_in_a_new_way_is_not_waited_for_for_ever() {
    for sign in [
        json!({"completed_at": "2026-01-15T10:02:30+00:00"}),
        json!({"completed_at": "this morning"}),
        json!({"download_url": "https://store.example.com/a"}),
        json!({"download_urls": ["https://store.example.com/a/0"]}),
    ] {
        let ended = job("partially_completed", sign);
        let replies = vec![
            status("pending"),
            failure(move || Reply::new(200, &ended.to_string())),
            status("completed"),
        ];
        let job = wait(&server(replies).await).await.unwrap();
        assert_eq!(job.status.as_str(), "partially_completed");
    }
}

/// Absent values may be null or zero, and the documented statuses need no sign.
#[tokio::test]
async fn a_job_that_has_not_ended_is_waited_for() {
    for (status_now, sign) in [
        (
            "archived",
            json!({"completed_at": null, "download_url": null}),
        ),
        ("archived", json!({"completed_at": "", "download_url": ""})),
        ("archived", json!({"completed_at": "0001-01-01T00:00:00Z"})),
        ("archived", json!({"download_urls": []})),
        (
            "processing",
            json!({"completed_at": "2026-01-15T10:02:30Z"}),
        ),
    ] {
        let running = job(status_now, sign);
        let replies = vec![
            failure(move || Reply::new(200, &running.to_string())),
            status("completed"),
        ];
        let job = wait(&server(replies).await).await.unwrap();
        assert_eq!(job.status, JobStatus::Completed);
    }
}

#[tokio::test]
async fn a_deadline_gives_the_job_back() {
    let wait = |server: &Server| patient(server).build().unwrap().wait(batch_id());
    let running = server(vec![status("processing")]).await;
    let error = hurried(wait(&running).deadline(LONG / 10))
        .await
        .unwrap_err();
    assert!(error.is_deadline(), "{error}");
    assert_eq!(error.batch_id(), Some(batch_id()));
    assert_eq!(error.job().unwrap().status, JobStatus::Processing);
    assert!(
        error.to_string().contains(&batch_id().to_string()),
        "{error}"
    );

    // Also while the server keeps us waiting.
    let silent = server(vec![failure(|| Reply::Stall(Vec::new()))]).await;
    let error = hurried(wait(&silent).deadline(LONG / 10))
        .await
        .unwrap_err();
    assert!(error.is_deadline() && error.job().is_none(), "{error}");
}

/// Lets an hour pass.
pub(crate) async fn an_hour_later() {
    tokio::time::pause();
    tokio::time::advance(HOUR).await;
    tokio::time::resume();
}

#[tokio::test]
async fn a_deadline_counts_from_the_first_poll() {
    let server = server(vec![status("completed")]).await;
    let wait = || wait(&server).deadline(HOUR / 2);

    let mut progress = wait().progress();
    an_hour_later().await;
    progress.next().await.unwrap().unwrap();

    let future = wait().into_future();
    an_hour_later().await;
    future.await.unwrap();
}

#[tokio::test]
async fn settings_beyond_all_bounds_are_taken() {
    let server = server(vec![status("completed")]).await;
    let wait = server.client().wait(batch_id());
    let job = wait
        .deadline(Duration::MAX)
        .intervals(Duration::MAX, Duration::MAX)
        .patience(Duration::MAX)
        .await;
    job.unwrap();

    let failing = self::server(vec![failure(|| Reply::new(502, "")), status("completed")]).await;
    self::wait(&failing).patience(Duration::MAX).await.unwrap();
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
