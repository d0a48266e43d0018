//! What the proxy does on the wire: bytes, headers and connections are passed on as they are.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crustdata_conformance::results::Status;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use url::Url;

use crate::between::{Between, results};
use crate::mock_fixture::submission;

/// A server that notes the bytes of one request, and answers with these.
async fn raw(
    answer: &'static [&'static str],
) -> (Url, oneshot::Receiver<String>, oneshot::Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let (noted, request) = oneshot::channel();
    let (go_on, wait) = oneshot::channel::<()>();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut bytes = vec![0; 4096];
        let length = stream.read(&mut bytes).await.unwrap();
        let _ = noted.send(String::from_utf8_lossy(&bytes[..length]).into_owned());
        let mut wait = Some(wait);
        for piece in answer {
            stream.write_all(piece.as_bytes()).await.unwrap();
            if let Some(wait) = wait.take() {
                let _ = wait.await;
            }
        }
    });
    (url.parse().unwrap(), request, go_on)
}

#[tokio::test]
async fn headers_keep_their_order_and_case_and_bodies_come_as_they_are_sent() {
    let (upstream, request, go_on) = raw(&[
        "HTTP/1.1 200 OK\r\nX-One: 1\r\nContent-Type: text/plain\r\nx-TWO: 2\r\nContent-Length: 6\r\n\r\nabc",
        "def",
    ])
    .await;
    let between = Between::with(upstream, None, false).await;
    let mut stream = between.connect().await;
    let asked = "GET /batch?limit=%31 HTTP/1.1\r\nZ-Last: z\r\nHost: proxy\r\nX-Api-VERSION: 2025-11-01\r\naccept: */*\r\n\r\n";
    stream.write_all(asked.as_bytes()).await.unwrap();
    let seen = request.await.unwrap();
    let lines: Vec<&str> = seen
        .lines()
        .filter(|line| !line.starts_with("Host"))
        .collect();
    assert_eq!(
        lines[..4],
        [
            "GET /batch?limit=%31 HTTP/1.1",
            "Z-Last: z",
            "X-Api-VERSION: 2025-11-01",
            "accept: */*"
        ]
    );
    // The first half is there while the second is not even sent.
    let mut half = Vec::new();
    while !half.ends_with(b"abc") {
        half.push(stream.read_u8().await.unwrap());
    }
    go_on.send(()).unwrap();
    let mut rest = [0; 3];
    stream.read_exact(&mut rest).await.unwrap();
    assert_eq!(&rest, b"def");
    let head = String::from_utf8(half).unwrap();
    assert!(
        head.contains("X-One: 1\r\nContent-Type: text/plain\r\nx-TWO: 2\r\n"),
        "{head}"
    );
    drop(stream);
    between.stop().await;
}

/// A response in a coding that can't be read would be judged by nobody, and its job never be known to the seat belt.
#[tokio::test]
async fn only_codings_that_can_be_judged_are_asked_for() {
    for (accepted, passed) in [
        ("gzip, deflate, br, zstd", "gzip, deflate"),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", "gzip;q=0.8"),
        ("br", "identity"),
        ("gzip,deflate", "gzip,deflate"),
    ] {
        let (upstream, request, go_on) =
            raw(&["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"]).await;
        let between = Between::with(upstream, None, false).await;
        let mut stream = between.connect().await;
        let asked =
            format!("GET /batch HTTP/1.1\r\nHost: a\r\nAccept-Encoding: {accepted}\r\n\r\n");
        stream.write_all(asked.as_bytes()).await.unwrap();
        let seen = request.await.unwrap();
        let line = format!("Accept-Encoding: {passed}\r\n");
        assert!(seen.contains(&line), "{seen}");
        let _ = go_on.send(());
        drop(stream);
        between.stop().await;
    }
}

#[tokio::test]
async fn a_response_with_trailers_is_judged() {
    let (upstream, _, go_on) = raw(&[
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
        "0\r\nServer-Timing: db\r\n\r\n",
    ])
    .await;
    let between = Between::with(upstream, None, false).await;
    let _ = go_on.send(());
    let answer = between.submit(&submission(1)).await;
    assert_eq!(answer.bytes().await.unwrap(), "{}");
    let (passed, ..) = between.stop().await;
    // Not one that nobody waited for.
    let required = results(passed).checks.into_iter();
    let mut required = required.filter(|check| check.id == "submit.required-keys");
    assert_eq!(required.next().unwrap().status, Status::Fail);
}

/// A server that packs otherwise all the same.
#[tokio::test]
async fn a_response_in_a_coding_that_is_not_read_is_nobodys_fault() {
    let (upstream, _, go_on) = raw(&[
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: br\r\nContent-Length: 6\r\n\r\n",
        "abcdef",
    ])
    .await;
    let between = Between::with(upstream, None, false).await;
    let _ = go_on.send(());
    let answer = between.submit(&submission(1)).await;
    assert_eq!(answer.bytes().await.unwrap(), "abcdef");
    let (passed, ..) = between.stop().await;
    assert_eq!(results(passed).count(Status::Fail), 0);
}

/// Reads up to the end of a head, or of one with a body that ends like this.
async fn read_until(stream: &mut TcpStream, end: &[u8]) -> String {
    let mut bytes = Vec::new();
    while !bytes.ends_with(end) {
        bytes.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn what_is_about_a_connection_stays_with_it_and_the_order_of_the_rest_stays() {
    let (upstream, request, go_on) = raw(&[
        "HTTP/1.1 200 OK\r\nA: 1\r\nConnection: X-Hop\r\nB: 2\r\nX-Hop: 3\r\nC: 4\r\nSet-Cookie: one\r\nD: 5\r\nSet-Cookie: two\r\nContent-Length: 2\r\n\r\n{}",
    ])
    .await;
    go_on.send(()).unwrap();
    let between = Between::with(upstream, None, false).await;
    let mut stream = between.connect().await;
    let asked = "GET /batch HTTP/1.1\r\nOne: 1\r\nTE: trailers\r\nTwo: 2\r\nHost: proxy\r\nProxy-Connection: keep-alive\r\nThree: 3\r\n\r\n";
    stream.write_all(asked.as_bytes()).await.unwrap();
    let seen = request.await.unwrap();
    let names: Vec<&str> = seen
        .lines()
        .skip(1)
        .map(|line| line.split(':').next().unwrap())
        .collect();
    assert_eq!(names, ["One", "Two", "Host", "Three", ""]);
    let head = read_until(&mut stream, b"{}").await;
    let kept = "A: 1\r\nB: 2\r\nC: 4\r\nSet-Cookie: one\r\nD: 5\r\nSet-Cookie: two\r\n";
    // Fields of one name come together, in their order; HTTP gives no other order a meaning.
    let together = "A: 1\r\nB: 2\r\nC: 4\r\nSet-Cookie: one\r\nSet-Cookie: two\r\nD: 5\r\n";
    assert!(head.contains(kept) || head.contains(together), "{head}");
    drop(stream);
    between.stop().await;
}

#[tokio::test]
async fn connections_are_kept_on_both_sides() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let upstream: Url = format!("http://{}/", listener.local_addr().unwrap())
        .parse()
        .unwrap();
    let accepted = Arc::new(AtomicUsize::new(0));
    let count = accepted.clone();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            count.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(async move {
                loop {
                    read_until(&mut stream, b"\r\n\r\n").await;
                    // Without a body, and then with one of unknown length.
                    let answer = "HTTP/1.1 204 No Content\r\n\r\n";
                    stream.write_all(answer.as_bytes()).await.unwrap();
                    read_until(&mut stream, b"\r\n\r\n").await;
                    let answer =
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
                    stream.write_all(answer.as_bytes()).await.unwrap();
                }
            });
        }
    });
    let between = Between::with(upstream, None, false).await;
    let mut stream = between.connect().await;
    for _ in 0..3 {
        for end in ["\r\n\r\n", "0\r\n\r\n"] {
            let asked = b"GET /batch HTTP/1.1\r\nHost: proxy\r\n\r\n";
            stream.write_all(asked).await.unwrap();
            read_until(&mut stream, end.as_bytes()).await;
            if end.starts_with('0') {
                continue;
            }
        }
    }
    assert_eq!(accepted.load(Ordering::Relaxed), 1);
    drop(stream);
    let (passed, ..) = between.stop().await;
    assert_eq!(results(passed).totals.exchanges, 6);
}

#[tokio::test]
async fn a_request_body_comes_as_it_is_sent_too() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let upstream: Url = format!("http://{}/", listener.local_addr().unwrap())
        .parse()
        .unwrap();
    let between = Between::with(upstream, None, false).await;
    let mut stream = between.connect().await;
    // Not a submission: that is looked at before it is passed on.
    let head = "POST /batch/other HTTP/1.1\r\nHost: proxy\r\nContent-Length: 6\r\n\r\nabc";
    stream.write_all(head.as_bytes()).await.unwrap();
    let (mut server, _) = listener.accept().await.unwrap();
    read_until(&mut server, b"abc").await;
    stream.write_all(b"def").await.unwrap();
    read_until(&mut server, b"def").await;
    // As long as the server takes, the client waits.
    server
        .write_all(b"HTTP/1.1 404 -\r\nContent-Length: 2\r\n\r\n{}")
        .await
        .unwrap();
    let answer = read_until(&mut stream, b"{}").await;
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    drop(stream);
    between.stop().await;
}

/// What is judged is what the server is asked for, and not what a parser of URLs makes of it.
#[tokio::test]
async fn segments_of_dots_are_no_way_round() {
    for (path, asked) in [
        ("/batch/../account/credits", "/account/credits"),
        ("/x/%2E%2e/batch/.?a=/../b", "/batch/?a=/../b"),
        ("/batch?a=../%31", "/batch?a=../%31"),
    ] {
        let (upstream, request, _) = raw(&["HTTP/1.1 204 -\r\n\r\n"]).await;
        let between = Between::with(upstream, None, false).await;
        let mut stream = between.connect().await;
        let head = format!("GET {path} HTTP/1.1\r\nHost: proxy\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let seen = request.await.unwrap();
        assert!(seen.starts_with(&format!("GET {asked} HTTP/1.1")), "{seen}");
        drop(stream);
        between.stop().await;
    }
}
