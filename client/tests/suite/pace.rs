//! The pace that the server's headers set. How the turns are counted is tested beside the pacer, without waiting.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use tokio::time::timeout;

use crate::server::{Reply, Server, batch_id, builder, request, unknown};

/// Long enough for a call on this machine, and much shorter than the waits that servers ask for here.
const A_WHILE: Duration = Duration::from_millis(200);

async fn server(status: u16, headers: &'static str) -> Server {
    Server::start(move |_| Reply::with_headers(status, headers, "")).await
}

#[tokio::test]
async fn a_used_up_window_holds_all_clones_until_it_has_room() {
    let server = server(
        404,
        "x-ratelimit-remaining: 0\r\nx-ratelimit-reset: 600\r\n",
    )
    .await;
    let client = builder(server.url()).build().unwrap();
    let clone = client.clone();
    client.job(batch_id()).await.unwrap_err();
    assert!(timeout(A_WHILE, clone.job(batch_id())).await.is_err());
    assert!(
        timeout(A_WHILE, client.list(&Default::default()))
            .await
            .is_err()
    );
    assert_eq!(server.requests().len(), 1);
}

/// A refusal that says when to come back, and nothing of a window.
#[tokio::test]
async fn a_refusal_holds_all_clones_until_its_time() {
    let server = server(429, "retry-after: 600\r\n").await;
    let client = builder(server.url()).build().unwrap();
    client.job(batch_id()).await.unwrap_err();
    assert!(
        timeout(A_WHILE, client.clone().job(batch_id()))
            .await
            .is_err()
    );
    assert_eq!(server.requests().len(), 1);
}

/// On any other response that is no word on the rate.
#[tokio::test]
async fn a_wait_without_a_refusal_holds_nobody() {
    let server = server(404, "retry-after: 600\r\nx-ratelimit-limit: 1\r\n").await;
    let client = builder(server.url()).build().unwrap();
    for _ in 0..3 {
        client.job(batch_id()).await.unwrap_err();
    }
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_window_with_room_holds_nobody() {
    let server = server(
        404,
        "x-ratelimit-limit: 15\r\nx-ratelimit-remaining: 1\r\nx-ratelimit-reset: 600\r\n",
    )
    .await;
    let client = builder(server.url()).build().unwrap();
    for _ in 0..40 {
        client.job(batch_id()).await.unwrap_err();
    }
    assert_eq!(server.requests().len(), 40);
}

#[tokio::test]
async fn the_assumption_is_the_documents_until_the_server_says_otherwise() {
    let server = server(404, "").await;
    let key = crustdata_batch::ApiKey::new(crate::server::KEY).unwrap();
    let client = crustdata_batch::Client::builder()
        .api_key(key)
        .base_url(server.url())
        .build()
        .unwrap();
    let document = crate::schemas::document();
    let assumed = document["x-limits"]["requests-per-minute"]
        .as_u64()
        .unwrap();
    for _ in 0..assumed {
        client.job(batch_id()).await.unwrap_err();
    }
    assert!(timeout(A_WHILE, client.job(batch_id())).await.is_err());
    assert_eq!(server.requests().len() as u64, assumed);
}

/// A submission waits for its turn, which the response to another request brings; only then it is sent.
#[tokio::test]
async fn a_submission_is_sent_when_its_turn_has_come() {
    let answered_at = Arc::<Mutex<Option<SystemTime>>>::default();
    let answered = Arc::clone(&answered_at);
    let server = Server::start(move |request| {
        if request.line().starts_with("POST") {
            return Reply::Close;
        }
        *answered.lock().unwrap() = Some(SystemTime::now());
        Reply::with_headers(404, "x-ratelimit-remaining: 5\r\n", "")
    })
    .await;
    let client = builder(server.url())
        .requests_per_minute(NonZeroU32::MIN)
        .build()
        .unwrap();
    let request = request();
    let (_, submitted) = tokio::join!(client.job(batch_id()), client.submit(&request));
    let sent_at = unknown(submitted).submission().sent_at;
    assert!(Some(sent_at) >= *answered_at.lock().unwrap());
    assert_eq!(server.requests().len(), 2);
}
