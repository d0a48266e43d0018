//! Waiting for the end of a job. The intervals are tested beside the schedule; here they are next to nothing.

use std::future::IntoFuture as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crustdata_batch::{Error, JobStatus, Wait};
use serde_json::json;

use crate::server::{BATCH_ID, KEY, Reply, Server, batch_id, job, request};

const HOUR: Duration = Duration::from_secs(60 * 60);

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
        let server = Server::answering(code, "").await;
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

async fn deadline(server: &Server, deadline: Duration) -> Error {
    wait(server).deadline(deadline).await.unwrap_err()
}

#[tokio::test]
async fn a_deadline_gives_the_job_back() {
    let running = server(vec![status("processing")]).await;
    let error = deadline(&running, Duration::from_secs(1)).await;
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

/// Lets an hour pass.
async fn an_hour_later() {
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
        let client = server.client();
        if is_accepted_here {
            let _ = client.submit(&request()).await.unwrap();
        }
        let hardly = Duration::from_micros(100);
        let wait = client.wait(batch_id()).intervals(hardly, hardly);
        let mut progress = wait.patience(4 * HOUR).progress();
        let first = tokio::time::timeout(Duration::from_millis(300), progress.next()).await;
        assert!(first.is_err(), "{first:?}");
        an_hour_later().await;
        let next = tokio::time::timeout(Duration::from_millis(300), progress.next()).await;
        match next {
            Ok(item) => {
                assert!(!is_accepted_here, "{item:?}");
                assert!(item.unwrap().unwrap_err().is_not_found());
            }
            Err(_) => assert!(is_accepted_here),
        }
    }
}
