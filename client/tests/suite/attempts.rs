//! Submissions that are tried again, where it is certain that they were not accepted, and nowhere else. The server
//! counts.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crustdata_batch::{Accepted, Event, SubmitError};

use crate::server::{BATCH_ID, Reply, Server, attempts, builder, not_accepted, request, unknown};

/// Submits with three attempts to a server that gives these replies one after the other, the last one for ever; and
/// says how many requests it saw.
async fn submit(replies: Vec<fn() -> Reply>) -> (Result<Accepted, SubmitError>, usize) {
    let next = AtomicUsize::new(0);
    let server = Server::start(move |_| {
        let index = next.fetch_add(1, Ordering::Relaxed).min(replies.len() - 1);
        replies[index]()
    })
    .await;
    let client = builder(server.url())
        .submit_attempts(attempts(3))
        .submit_backoff(Duration::ZERO)
        .build()
        .unwrap();
    let result = client.submit(&request()).await;
    (result, server.requests().len())
}

fn refused_for_now() -> Reply {
    Reply::with_headers(429, "retry-after: 0\r\n", "")
}

fn accepted() -> Reply {
    Reply::new(200, &format!("{{\"batch_id\": \"{BATCH_ID}\"}}"))
}

#[tokio::test]
async fn a_429_is_tried_again_after_the_wait_that_it_names() {
    let (result, seen) = submit(vec![refused_for_now, refused_for_now, accepted]).await;
    assert_eq!(result.unwrap().batch_id.to_string(), BATCH_ID);
    assert_eq!(seen, 3);
}

#[tokio::test]
async fn attempts_come_to_an_end() {
    let (result, seen) = submit(vec![refused_for_now]).await;
    assert!(not_accepted(result).is_rate_limited());
    assert_eq!(seen, 3);
}

#[tokio::test]
async fn an_unknown_outcome_ends_them() {
    let unclear: [fn() -> Reply; 5] = [
        || Reply::Close,
        || Reply::new(500, ""),
        || Reply::new(200, "<html>"),
        || Reply::cut_off(200, "{"),
        || Reply::Raw(b"HTTP/1.1 2".to_vec()),
    ];
    for reply in unclear {
        let (result, seen) = submit(vec![refused_for_now, reply, accepted]).await;
        unknown(result);
        assert_eq!(seen, 2);
    }
}

#[tokio::test]
async fn a_refusal_for_good_ends_them() {
    let final_ones: [fn() -> Reply; 4] = [
        || Reply::new(400, ""),
        || Reply::new(401, ""),
        || Reply::new(402, ""),
        || Reply::new(403, ""),
    ];
    for reply in final_ones {
        let (result, seen) = submit(vec![reply, accepted]).await;
        not_accepted(result);
        assert_eq!(seen, 1);
    }
}

/// Too many active jobs: the rate has room at once, and the next attempt has not.
#[tokio::test]
async fn a_wait_of_nothing_does_not_shorten_the_backoff() {
    let server = Server::start(|_| {
        Reply::with_headers(
            429,
            "x-ratelimit-remaining: 12\r\nx-ratelimit-reset: 0\r\n",
            "",
        )
    })
    .await;
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let backoff = Duration::from_secs(600);
    let client = builder(server.url())
        .submit_attempts(attempts(3))
        .submit_backoff(backoff)
        .on_event(move |event| tell.send(event.clone()).unwrap())
        .build()
        .unwrap();
    let request = request();
    let event = tokio::select! {
        outcome = client.submit(&request) => panic!("{outcome:?}"),
        event = told.recv() => event.unwrap(),
    };
    assert!(
        matches!(event, Event::SubmissionRetried { wait, .. } if wait == backoff),
        "{event:?}"
    );
    assert_eq!(server.requests().len(), 1);
}
