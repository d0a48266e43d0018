//! Connections that break, hang or flood.

use std::error::Error;
use std::num::NonZeroU32;
use std::time::{Duration, SystemTime};

use crustdata_batch::{Accepted, Client, SubmitError};
use tokio::net::TcpSocket;

use crate::server::{
    BATCH_ID, LONG, Reply, Request, Server, builder, client, hurried, not_accepted, patient,
    request, unknown,
};

/// Both texts of an error and of all that is behind it.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// Submits to a server that stalls, until the time for it is over.
async fn submit_in_vain(server: &Server) -> Result<Accepted, SubmitError> {
    let client = patient(server).build().unwrap();
    hurried(async move { client.submit(&request()).await }).await
}

/// Where nobody listens, as long as this socket is there: no other test can have the port.
fn refusing() -> (String, TcpSocket) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}", socket.local_addr().unwrap());
    (url, socket)
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent() {
    let (url, _bound) = refusing();
    let error = not_accepted(client(&url).submit(&request()).await);
    assert!(error.is_not_sent() && !error.is_timeout(), "{error:?}");
    assert_eq!(error.status(), None);
    assert!(chain(&error).contains("refused"), "{}", chain(&error));
}

#[tokio::test]
async fn a_connection_that_closes_after_the_request_leaves_the_outcome_unknown() {
    let server = Server::start(|_| Reply::Close).await;
    unknown(server.client().submit(&request()).await);
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_connection_that_closes_before_the_request_is_read_leaves_the_outcome_unknown() {
    let server = Server::hanging_up("").await;
    let error = unknown(server.client().submit(&request()).await);
    assert_eq!(error.status(), None);
}

/// Where HTTP libraries are tempted to try again: on a connection that worked before.
#[tokio::test]
async fn a_reused_connection_that_closes_does_not_make_the_request_go_twice() {
    let server = Server::start(|request| {
        if request.line().starts_with("GET") {
            Reply::Keep(b"HTTP/1.1 404 -\r\ncontent-length: 0\r\n\r\n".to_vec())
        } else {
            Reply::Close
        }
    })
    .await;
    let client = server.client();
    client.job(BATCH_ID.parse().unwrap()).await.unwrap_err();
    unknown(client.submit(&request()).await);
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn without_tls_on_the_other_side_nothing_was_sent() {
    let server = Server::hanging_up("HTTP/1.1 400 -\r\ncontent-length: 0\r\n\r\n").await;
    let url = server.url().replace("http:", "https:");
    let error = not_accepted(client(&url).submit(&request()).await);
    assert!(error.is_not_sent(), "{error:?}");
}

#[tokio::test]
async fn a_response_that_is_not_http_leaves_the_outcome_unknown() {
    for bytes in [
        "HTTP/1.1 200",
        "SSH-2.0-OpenSSH_9.7\r\n",
        "\r\n\r\n",
        "HTTP/1.1 200 -\r\nbroken header\r\n\r\n",
    ] {
        let server = Server::start(|_| Reply::Raw(bytes.as_bytes().to_vec())).await;
        unknown(server.client().submit(&request()).await);
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_server_that_never_responds_runs_into_the_timeout() {
    let server = Server::start(|_| Reply::Stall(Vec::new())).await;
    let error = unknown(submit_in_vain(&server).await);
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_body_that_stalls_runs_into_the_timeout_and_still_gives_the_id() {
    let head = "HTTP/1.1 200 -\r\ncontent-length: 1000\r\n\r\n";
    let stall =
        |body: String| move |_: &Request| Reply::Stall(format!("{head}{body}").into_bytes());

    let server = Server::start(stall(String::new())).await;
    let error = unknown(submit_in_vain(&server).await);
    assert!(error.is_timeout(), "{error:?}");
    // It counts when it was sent, and not when it was given up.
    assert!(error.submission().sent_at < SystemTime::now() + LONG / 2);

    let server = Server::start(stall(format!("{{\"batch_id\": \"{BATCH_ID}\""))).await;
    let accepted = submit_in_vain(&server).await.unwrap();
    assert_eq!(accepted.batch_id.to_string(), BATCH_ID);
}

#[tokio::test]
async fn reading_a_status_has_no_unknown_outcome() {
    let server = Server::start(|_| Reply::Close).await;
    let error = server
        .client()
        .job(BATCH_ID.parse().unwrap())
        .await
        .unwrap_err();
    assert!(error.is_transient() && !error.is_not_sent(), "{error:?}");
    assert!(error.to_string().contains("safe to try again"), "{error}");
}

#[tokio::test]
async fn a_body_that_breaks_off_is_unreadable() {
    let server = Server::start(|_| Reply::cut_off(200, "{\"batch_id\": \"7e96")).await;
    let error = unknown(server.client().submit(&request()).await);
    assert!(error.is_unreadable(), "{error:?}");
    assert!(chain(&error).contains("broke off"), "{}", chain(&error));
    assert_eq!(error.body_excerpt(), Some("{\"batch_id\": \"7e96"));
}

#[tokio::test]
async fn an_error_whose_body_breaks_off_keeps_its_status() {
    let server = Server::start(|_| Reply::cut_off(402, "{\"error\"")).await;
    let error = not_accepted(server.client().submit(&request()).await);
    assert!(error.is_insufficient_credits(), "{error:?}");
}

/// The body never ends, so the test ends only because the client stops reading.
#[tokio::test]
async fn an_endless_body_is_read_up_to_a_limit() {
    let server = Server::start(|_| Reply::Flood).await;
    let error = unknown(server.client().submit(&request()).await);
    assert!(error.is_unreadable(), "{error:?}");
    assert!(chain(&error).contains("longer than"), "{}", chain(&error));
    assert!(error.body_excerpt().unwrap().len() < 2_000);
}

/// Before, while and after the request is written.
#[tokio::test]
async fn a_reset_leaves_the_outcome_unknown_and_is_not_tried_again() {
    for bytes in [0, 1, 100, 250] {
        let server = Server::resetting_after(bytes).await;
        let client = builder(server.url())
            .submit_attempts(NonZeroU32::MAX)
            .build()
            .unwrap();
        unknown(client.submit(&request()).await);
        assert_eq!(server.requests().len(), 1, "{bytes}");
    }
}

/// A client over whose HTTP client a caller wants redirects to be followed, with attempts without end.
fn redirected(server: &Server) -> Client {
    builder(server.url())
        .http(|http| http.redirect(reqwest::redirect::Policy::limited(10)))
        .submit_attempts(NonZeroU32::MAX)
        .submit_backoff(Duration::ZERO)
        .build()
        .unwrap()
}

/// To where nobody listens, to what no HTTP client can build a request for, and to the server itself.
#[tokio::test]
async fn a_caller_cannot_have_redirects_followed() {
    for status in [302, 303, 307, 308] {
        for location in ["http://127.0.0.1:1/", "ftp://127.0.0.1/", "/elsewhere"] {
            let headers = format!("location: {location}\r\n");
            let server = Server::start(move |_| Reply::with_headers(status, &headers, "")).await;
            let error = unknown(redirected(&server).submit(&request()).await);
            assert_eq!(error.status(), Some(status));
            assert_eq!(server.requests().len(), 1);
        }
    }
}

/// Nobody can tell what a caller's settings put between the client and the network.
#[tokio::test]
async fn over_a_callers_http_client_nothing_is_certain_not_to_have_been_sent() {
    let (url, _bound) = refusing();
    let client = builder(&url).http(|http| http).build().unwrap();
    unknown(client.submit(&request()).await);
}

#[tokio::test]
async fn slow_bytes_are_bytes() {
    let body = format!("{{\"batch_id\": \"{BATCH_ID}\"}}");
    let server = Server::start(move |_| {
        let Reply::Raw(bytes) = Reply::new(200, &body) else {
            panic!("not bytes")
        };
        Reply::Trickle(bytes)
    })
    .await;
    let accepted = server.client().submit(&request()).await.unwrap();
    assert_eq!(accepted.batch_id.to_string(), BATCH_ID);
    assert_eq!(server.requests().len(), 1);
}
