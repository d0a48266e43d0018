//! A results file over connections that break, and from stores that are away. No record comes twice, and none is
//! missing, whatever happens on the way. A file that changes on the way is a matter of `changes`, and where it is of
//! `links`.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crustdata_batch::{BatchJob, Error, Uuid};
use serde_json::json;

use crate::results::{collect, completed, gzip, lines, record};
use crate::server::{Reply, Request, Server, attempts, builder, hurried, patient};

pub(crate) const COUNT: usize = 500;

/// A file of [`COUNT`] records, which can hardly be compressed.
pub(crate) fn file() -> Vec<u8> {
    let records = (0..COUNT).map(|n| {
        let mut record = record(&format!("nobody-{n}"));
        record["internal_id"] = json!(Uuid::from_u128((n as u128 + 1).pow(12)));
        record
    });
    gzip(&lines(&records.collect::<Vec<_>>()))
}

pub(crate) fn completed_job() -> BatchJob {
    completed(Some(COUNT as u64))
}

/// Where the request wants the file from.
pub(crate) fn range(request: &Request) -> Option<usize> {
    let range = request.header("range")?;
    range
        .strip_prefix("bytes=")?
        .strip_suffix('-')?
        .parse()
        .ok()
}

/// A response of unknown length that breaks off after these bytes.
pub(crate) fn chunked(bytes: &[u8]) -> Vec<u8> {
    let length = bytes.len();
    let head = format!("HTTP/1.1 200 -\r\ntransfer-encoding: chunked\r\n\r\n{length:x}\r\n");
    [head.as_bytes(), bytes, b"\r\n"].concat()
}

/// The rest of the file, as a store that knows ranges sends it; it breaks off after at most `most` bytes.
pub(crate) fn part(request: &Request, etag: &str, most: usize) -> Reply {
    let file = file();
    let (status, start) = range(request).map_or((200, 0), |start| (206, start));
    let headers = format!(
        "etag: {etag}\r\ncontent-range: bytes {start}-{}/{}\r\n",
        file.len() - 1,
        file.len()
    );
    let rest = &file[start..];
    Reply::cut(status, &headers, rest, rest.len().min(most))
}

/// Reads the file from this store; each record must come once and in order.
pub(crate) async fn read_whole(
    store: impl Fn(&Request) -> Reply + Send + Sync + 'static,
) -> Vec<Request> {
    let server = Server::start(store).await;
    let items = collect(server.client().results(&completed_job())).await;
    let names: Vec<_> = items
        .into_iter()
        .map(|item| item.unwrap().original_identifier)
        .collect();
    let expected: Vec<_> = (0..COUNT).map(|n| format!("nobody-{n}")).collect();
    assert_eq!(names, expected);
    server.requests()
}

/// Reads as far as it goes, and hands out the error at the end.
pub(crate) async fn read_in_vain(
    store: impl Fn(&Request) -> Reply + Send + Sync + 'static,
) -> (Error, Vec<Request>) {
    let server = Server::start(store).await;
    let client = builder(server.url())
        .download_attempts(attempts(3))
        .build()
        .unwrap();
    let mut items = collect(client.results(&completed_job())).await;
    (items.pop().unwrap().unwrap_err(), server.requests())
}

#[tokio::test]
async fn a_download_goes_on_where_it_broke_off() {
    let requests = read_whole(|request| part(request, "\"v1\"", 1_000)).await;
    assert!(requests.len() > 2);
    for (before, after) in requests.iter().zip(&requests[1..]) {
        assert!(range(before) < range(after));
        assert_eq!(after.header("if-range"), Some("\"v1\""));
    }
}

#[tokio::test]
async fn a_store_without_ranges_is_read_again_from_the_start() {
    let length = file().len();
    let ends = [10, length / 2, length / 3, length];
    let next = AtomicUsize::new(0);
    let requests = read_whole(move |_| {
        let end = ends[next.fetch_add(1, Ordering::Relaxed)];
        Reply::cut(200, "", &file(), end)
    })
    .await;
    assert_eq!(requests.len(), 4);
}

#[tokio::test]
async fn a_connection_that_stalls_is_left() {
    let server = Server::start(|_| Reply::Stall(Vec::new())).await;
    let client = patient(&server)
        .download_attempts(attempts(3))
        .build()
        .unwrap();
    let items = hurried(collect(client.results(&completed_job()))).await;
    let error = items.into_iter().next_back().unwrap().unwrap_err();
    assert!(error.is_timeout() && error.is_transient(), "{error}");
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn failures_of_the_moment_are_survived() {
    let replies: [fn(&Request) -> Reply; 4] = [
        |_| Reply::Close,
        |_| Reply::new(503, ""),
        |request| part(request, "\"v1\"", 1_000),
        |request| part(request, "\"v1\"", usize::MAX),
    ];
    let next = AtomicUsize::new(0);
    let requests =
        read_whole(move |request| replies[next.fetch_add(1, Ordering::Relaxed)](request)).await;
    assert_eq!(requests.len(), 4);
}

#[tokio::test]
async fn failures_without_end_end_it() {
    let (error, requests) = read_in_vain(|_| Reply::Close).await;
    assert!(error.is_transient(), "{error}");
    assert_eq!(requests.len(), 3);
    let (error, requests) = read_in_vain(|_| Reply::new(500, "")).await;
    assert_eq!(error.status(), Some(500));
    assert_eq!(requests.len(), 3);
    // Some bytes first: what comes after them is not read.
    let (error, requests) = read_in_vain(|request| match range(request) {
        None => part(request, "\"v1\"", 1_000),
        Some(_) => part(request, "\"v1\"", 0),
    })
    .await;
    assert!(error.is_transient(), "{error}");
    assert!(error.to_string().contains("broke off"), "{error}");
    assert_eq!(requests.len(), 3);
}

/// As a change of network takes them: more than a moment.
#[tokio::test]
async fn a_store_that_is_away_for_a_while_does_not_end_a_download() {
    let asked = AtomicUsize::new(0);
    let requests = read_whole(move |request| match asked.fetch_add(1, Ordering::Relaxed) {
        0..5 => Reply::Close,
        _ => part(request, "\"v1\"", usize::MAX),
    })
    .await;
    assert_eq!(requests.len(), 6);
}

/// One second after the first request, and the second attempt is the last.
#[tokio::test]
async fn a_store_gets_the_time_that_it_asks_for() {
    let first = OnceLock::new();
    let away = move || first.get_or_init(Instant::now).elapsed() < Duration::from_secs(1);
    let server = Server::start(move |request| match away() {
        true => Reply::with_headers(503, "retry-after: 1\r\n", ""),
        false => part(request, "\"v1\"", usize::MAX),
    })
    .await;
    let client = builder(server.url())
        .download_attempts(attempts(2))
        .build()
        .unwrap();
    let items = collect(client.results(&completed_job())).await;
    assert!(items.len() == COUNT && items.iter().all(Result::is_ok));
}

/// A store may send less of a range than was asked for, and says so.
#[tokio::test]
async fn a_range_that_ends_early_is_gone_on_with() {
    let requests = read_whole(|request| match range(request) {
        None => part(request, "\"v1\"", 1_000),
        Some(start) => {
            let file = file();
            let end = file.len().min(start + 5_000);
            let range = format!("bytes {start}-{}/{}", end - 1, file.len());
            let headers = format!("etag: \"v1\"\r\ncontent-range: {range}\r\n");
            Reply::bytes(206, &headers, &file[start..end])
        }
    })
    .await;
    assert_eq!(requests.len(), 2 + (file().len() - 1_001) / 5_000);
}

/// A store that never says how long the file is.
#[tokio::test]
async fn a_file_of_unknown_length_ends_with_its_bytes() {
    let next = AtomicUsize::new(0);
    let requests = read_whole(move |_| match next.fetch_add(1, Ordering::Relaxed) {
        0 => Reply::Raw(chunked(&file()[..1_000])),
        _ => Reply::Raw([&chunked(&file())[..], b"0\r\n\r\n"].concat()),
    })
    .await;
    assert_eq!(requests.len(), 2);
}

/// A connection that breaks when all bytes have come, and nobody knows yet that these are all.
#[tokio::test]
async fn a_download_that_breaks_at_its_very_end_is_whole() {
    let next = AtomicUsize::new(0);
    let requests = read_whole(move |_| match next.fetch_add(1, Ordering::Relaxed) {
        0 => Reply::Raw(chunked(&file())),
        _ => Reply::bytes(200, "", &file()),
    })
    .await;
    assert_eq!(requests.len(), 2);
}

#[tokio::test]
async fn a_future_that_is_dropped_loses_no_record() {
    let server = Server::start(|request| part(request, "\"v1\"", 1_000)).await;
    let mut results = server.client().results(&completed_job());
    let mut records = 0;
    loop {
        // Polled once and dropped, whatever it was doing.
        let polled = tokio::select! {
            biased;
            item = results.next() => Some(item),
            () = tokio::task::yield_now() => None,
        };
        match polled {
            None => {}
            Some(None) => break,
            Some(Some(item)) => {
                assert_eq!(
                    item.unwrap().original_identifier,
                    format!("nobody-{records}")
                );
                records += 1;
            }
        }
    }
    assert_eq!(records, COUNT);
}
