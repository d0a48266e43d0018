//! A results file over connections that break, links that expire, and stores that redirect. No record comes twice,
//! and none is missing, whatever happens on the way.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crustdata_batch::{BatchJob, Error, Uuid};
use serde_json::json;

use crate::results::{LINK, collect, completed, gzip, is_download, lines, record};
use crate::server::{BATCH_ID, KEY, Reply, Request, Server, builder, job};

const COUNT: usize = 500;

/// A file of [`COUNT`] records, which can hardly be compressed.
fn file() -> Vec<u8> {
    let records = (0..COUNT).map(|n| {
        let mut record = record(&format!("nobody-{n}"));
        record["internal_id"] = json!(Uuid::from_u128((n as u128 + 1).pow(12)));
        record
    });
    gzip(&lines(&records.collect::<Vec<_>>()))
}

fn completed_job() -> BatchJob {
    completed(Some(COUNT as u64))
}

/// Where the request wants the file from.
fn range(request: &Request) -> Option<usize> {
    let range = request.header("range")?;
    range
        .strip_prefix("bytes=")?
        .strip_suffix('-')?
        .parse()
        .ok()
}

/// The rest of the file, as a store that knows ranges sends it; it breaks off after at most `most` bytes.
fn part(request: &Request, etag: &str, most: usize) -> Reply {
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
async fn read_whole(store: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Vec<Request> {
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
async fn read_in_vain(
    store: impl Fn(&Request) -> Reply + Send + Sync + 'static,
) -> (Error, Vec<Request>) {
    let server = Server::start(store).await;
    let client = builder(server.url())
        .download_idle_timeout(Duration::from_millis(100))
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
    let (error, requests) = read_in_vain(|_| Reply::Stall(Vec::new())).await;
    assert!(error.is_timeout() && error.is_transient(), "{error}");
    assert_eq!(requests.len(), 5);
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
    assert_eq!(requests.len(), 5);
    let (error, requests) = read_in_vain(|_| Reply::new(500, "")).await;
    assert_eq!(error.status(), Some(500));
    assert_eq!(requests.len(), 5);
}

#[tokio::test]
async fn a_file_that_changes_in_between_is_not_mixed() {
    for second in [
        |request: &Request| part(request, "\"v2\"", usize::MAX),
        |_: &Request| Reply::bytes(200, "etag: \"v2\"\r\n", &file()),
        |_: &Request| Reply::bytes(206, "content-range: bytes 0-9/10\r\n", &file()),
        |_: &Request| Reply::bytes(416, "content-range: bytes */10\r\n", b""),
    ] {
        let (error, requests) = read_in_vain(move |request| match range(request) {
            None => part(request, "\"v1\"", 1_000),
            Some(_) => second(request),
        })
        .await;
        assert!(error.to_string().contains("changed"), "{error}");
        assert_eq!(requests.len(), 2);
    }
}

/// A connection that breaks when all bytes have come: the store has no more of them.
#[tokio::test]
async fn a_download_that_breaks_at_its_very_end_is_whole() {
    let length = file().len();
    read_whole(move |request| match range(request) {
        None => {
            let head = format!("HTTP/1.1 200 -\r\ncontent-length: {}\r\n\r\n", length + 1);
            Reply::Raw([head.as_bytes(), &file()].concat())
        }
        Some(_) => Reply::bytes(416, &format!("content-range: bytes */{length}\r\n"), b""),
    })
    .await;
}

/// A server that is API and store in one; the job's first link is refused with this status.
async fn expired(status: u16, fresh: &'static str) -> (Result<usize, Error>, Vec<Request>) {
    let server = Server::start(move |request| {
        if !is_download(request) {
            Reply::new(
                200,
                &job("completed", json!({"download_url": fresh})).to_string(),
            )
        } else if request.line().contains("fresh") {
            Reply::bytes(200, "", &file())
        } else {
            Reply::new(status, "<Error><Code>ExpiredToken</Code></Error>")
        }
    })
    .await;
    let items = collect(server.client().results(&completed_job())).await;
    let records: Result<Vec<_>, _> = items.into_iter().collect();
    (records.map(|records| records.len()), server.requests())
}

#[tokio::test]
async fn a_link_that_has_expired_is_looked_up_once() {
    for status in [400, 401, 403, 404, 410] {
        let (read, requests) = expired(status, "/store/fresh").await;
        assert_eq!(read.unwrap(), COUNT);
        let lines: Vec<_> = requests.iter().map(Request::line).collect();
        assert_eq!(
            lines,
            [
                format!("GET {LINK}"),
                format!("GET /batch/{BATCH_ID}"),
                "GET /store/fresh".to_owned()
            ]
        );
        let keys: Vec<_> = requests
            .iter()
            .map(|request| request.head.contains(KEY))
            .collect();
        assert_eq!(keys, [false, true, false]);
    }
    let (read, requests) = expired(403, "/store/stale").await;
    let error = read.unwrap_err();
    assert_eq!(error.status(), Some(403));
    assert!(error.to_string().contains("not harmed"), "{error}");
    assert_eq!(requests.len(), 3);
}

#[tokio::test]
async fn redirects_of_the_store_are_followed_without_the_key() {
    let elsewhere = Server::start(|request| part(request, "\"v1\"", usize::MAX)).await;
    let location = format!("location: {}/region\r\n", elsewhere.url());
    let requests = read_whole(move |_| Reply::with_headers(307, &location, "")).await;
    assert_eq!(requests.len(), 1);
    let there = elsewhere.requests();
    assert_eq!(there.len(), 1);
    assert!(!format!("{there:?}{requests:?}").contains(KEY));

    let (error, requests) =
        read_in_vain(|_| Reply::with_headers(307, "location: /store/again\r\n", "")).await;
    assert!(
        error.to_string().contains("redirects without end"),
        "{error}"
    );
    assert_eq!(requests.len(), 6);
}

#[tokio::test]
async fn a_link_that_is_none_is_an_error() {
    for link in [
        "http://",
        "ftp://example.com/file",
        "http://127.0.0.1:1/file",
    ] {
        let bad: BatchJob =
            serde_json::from_value(job("completed", json!({"download_url": link}))).unwrap();
        let server = Server::answering(404, "").await;
        let items = collect(server.client().results(&bad)).await;
        assert_eq!(items.len(), 1);
        assert!(items[0].is_err());
        assert!(server.requests().is_empty());
    }
}

/// A link is as good as a key to the results, so no text has it.
#[tokio::test]
async fn errors_do_not_show_the_link() {
    for reply in [
        || Reply::Close,
        || Reply::new(403, "{}"),
        || Reply::new(500, ""),
        || Reply::Raw(b"?".to_vec()),
    ] {
        let (error, _) = read_in_vain(move |request| match is_download(request) {
            true => reply(),
            false => Reply::new(
                200,
                &job("completed", json!({"download_url": LINK})).to_string(),
            ),
        })
        .await;
        let mut text = format!("{error} {error:?}");
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            text = format!("{text} {cause} {cause:?}");
            source = cause.source();
        }
        assert!(!text.contains("s3cr3t"), "{text}");
    }
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
