//! A limit of active jobs that submissions wait for. The server keeps the list.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crustdata_batch::{ClientBuilder, Event, Uuid};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::server::{Reply, Server, builder, job, not_accepted, request};

/// How many jobs the server has in each status.
#[derive(Clone, Copy)]
struct Counts {
    pending: usize,
    processing: usize,
}

/// A server with these jobs. One of them ends with each look at those at work, and one is pending with each submission.
async fn server(counts: Counts) -> (Server, Arc<Mutex<Counts>>) {
    let counts = Arc::new(Mutex::new(counts));
    let shared = Arc::clone(&counts);
    let server = Server::start(move |request| {
        let mut counts = shared.lock().unwrap();
        if request.line().starts_with("POST") {
            counts.pending += 1;
            let id = Uuid::new_v4();
            return Reply::new(202, &json!({"batch_id": id}).to_string());
        }
        let (status, count) = match request.line().contains("status=pending") {
            true => ("pending", counts.pending),
            false => ("processing", counts.processing),
        };
        if status == "processing" {
            counts.processing = counts.processing.saturating_sub(1);
        }
        let jobs: Vec<Value> = (0..count)
            .map(|_| job(status, json!({"batch_id": Uuid::new_v4()})))
            .collect();
        let page = json!({"jobs": jobs, "has_more": false, "next_cursor": null});
        Reply::new(200, &page.to_string())
    })
    .await;
    (server, counts)
}

fn limited(server: &Server, max: u32) -> ClientBuilder {
    builder(server.url())
        .max_active_jobs(NonZeroU32::new(max))
        .submit_backoff(Duration::ZERO)
}

#[tokio::test]
async fn a_submission_waits_for_jobs_to_end_and_tells() {
    let (server, _) = server(Counts {
        pending: 1,
        processing: 3,
    })
    .await;
    let events = Arc::<Mutex<Vec<Event>>>::default();
    let log = Arc::clone(&events);
    let client = limited(&server, 3)
        .on_event(move |event| log.lock().unwrap().push(event.clone()))
        .build()
        .unwrap();
    let _ = client.submit(&request()).await.unwrap();
    let requests = server.requests();
    let submissions = requests.iter().filter(|it| it.line().starts_with("POST"));
    assert_eq!(submissions.count(), 1);
    // With 3 and 2 at work there is no room; with 1 there is.
    assert_eq!(requests.len(), 7);
    let events = events.lock().unwrap();
    assert_eq!(events.len(), 2);
    assert!(
        matches!(events[0], Event::ActiveJobs { active: 3, .. }),
        "{events:?}"
    );
}

/// Each counts the one before.
#[tokio::test]
async fn submissions_at_the_same_time_share_the_limit() {
    let (server, counts) = server(Counts {
        pending: 0,
        processing: 0,
    })
    .await;
    let client = limited(&server, 2).build().unwrap();
    let request = request();
    let submissions = (0..3).map(|_| client.submit(&request));
    let mut submissions: FuturesUnordered<_> = submissions.collect();
    for _ in 0..2 {
        let _ = submissions.next().await.unwrap().unwrap();
    }
    let a_while = Duration::from_millis(200);
    assert!(timeout(a_while, submissions.next()).await.is_err());
    assert_eq!(counts.lock().unwrap().pending, 2);
}

#[tokio::test]
async fn without_a_limit_nothing_is_counted() {
    let (server, _) = server(Counts {
        pending: 9,
        processing: 9,
    })
    .await;
    let client = builder(server.url()).build().unwrap();
    let _ = client.submit(&request()).await.unwrap();
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_list_that_cannot_be_read_sends_no_submission() {
    let server = Server::responding(503, "").await;
    let client = limited(&server, 1).build().unwrap();
    let error = not_accepted(client.submit(&request()).await);
    assert!(error.to_string().contains("listing the jobs"), "{error}");
    assert_eq!(server.requests().len(), 1);
}
