//! Where a results file is: links that expire, stores that redirect or refuse or are out of reach, and links that are
//! none. Reading the file once it is found is a matter of `download`.

use std::sync::atomic::{AtomicUsize, Ordering};

use crustdata_batch::{BatchJob, Error};
use serde_json::json;

use crate::download::{COUNT, completed_job, file, part, read_in_vain, read_whole};
use crate::results::{LINK, collect, is_download};
use crate::server::{BATCH_ID, KEY, Reply, Request, Server, attempts, builder, job};

/// The status of a job with this link.
fn fresh(link: &str) -> Reply {
    let job = job("completed", json!({"download_url": link}));
    Reply::new(200, &job.to_string())
}

/// A server that is API and store in one; the job's first link is refused with this status.
async fn expired(status: u16, link: &'static str) -> (Result<usize, Error>, Vec<Request>) {
    let server = Server::start(move |request| {
        if !is_download(request) {
            fresh(link)
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

/// Whether a link that is not there is left out, null or empty is open: the base URL is no link.
#[tokio::test]
async fn a_link_that_is_gone_when_it_is_looked_up_is_no_link() {
    for link in [json!(null), json!("")] {
        let (error, requests) = read_in_vain(move |request| match is_download(request) {
            true => Reply::new(403, ""),
            false => Reply::new(
                200,
                &job("completed", json!({"download_url": link})).to_string(),
            ),
        })
        .await;
        assert!(error.to_string().contains("has no link"), "{error}");
        assert_eq!(requests.len(), 2);
    }
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
    for link in ["http://", "ftp://example.com/file"] {
        let error = read_from(link).await;
        assert!(error.to_string().contains("leads to no file"), "{error}");
        assert!(!error.is_transient(), "{error}");
    }
}

/// The store's host is not the base URL's.
#[tokio::test]
async fn a_store_that_cannot_be_reached_is_not_blamed_on_the_base_url() {
    let error = read_from("http://127.0.0.1:1/file").await;
    assert!(error.is_not_sent(), "{error}");
    assert!(!error.to_string().contains("base URL"), "{error}");
    assert!(error.to_string().contains("the store"), "{error}");
}

/// The error of a job with this link, to which nothing is sent.
async fn read_from(link: &str) -> Error {
    let link = json!({"download_url": link});
    let bad: BatchJob = serde_json::from_value(job("completed", link)).unwrap();
    let server = Server::responding(404, "").await;
    let client = builder(server.url()).download_attempts(attempts(1));
    let mut items = collect(client.build().unwrap().results(&bad)).await;
    assert!(items.len() == 1 && server.requests().is_empty());
    items.pop().unwrap().unwrap_err()
}

/// The API knows the key well: it is the store that says 401.
#[tokio::test]
async fn what_the_store_says_is_not_said_by_the_api() {
    for status in [401, 402, 403, 404, 429] {
        let (error, _) = read_in_vain(move |request| match is_download(request) {
            true => Reply::new(status, "<Code>AccessDenied</Code>"),
            false => fresh(LINK),
        })
        .await;
        let text = error.to_string();
        assert!(
            text.contains(&format!("the store of the results answered {status}")),
            "{text}"
        );
        let blames = [
            error.is_unauthorized(),
            error.is_insufficient_credits(),
            error.is_forbidden(),
            error.is_not_found(),
            error.is_rate_limited(),
        ];
        assert_eq!(blames, [false; 5], "{text}");
        assert_eq!(error.status(), Some(status));
        assert_eq!(error.response().unwrap().status(), status);
        assert_eq!(error.body_excerpt(), Some("<Code>AccessDenied</Code>"));
        assert_eq!(error.is_transient(), status == 429);
    }
}

/// What the API says when the link is looked up is the API's.
#[tokio::test]
async fn what_the_api_says_of_an_expired_link_is_said_by_the_api() {
    let (error, requests) = read_in_vain(move |request| match is_download(request) {
        true => Reply::new(403, ""),
        false => Reply::new(401, ""),
    })
    .await;
    assert!(error.is_unauthorized(), "{error}");
    assert!(
        error.to_string().contains("the API answered 401"),
        "{error}"
    );
    assert_eq!(requests.len(), 2);
}

#[tokio::test]
async fn a_bad_moment_of_the_api_does_not_end_a_download() {
    let asked = AtomicUsize::new(0);
    let requests = read_whole(move |request| {
        if !is_download(request) {
            match asked.fetch_add(1, Ordering::Relaxed) {
                0 => Reply::new(503, ""),
                1 => Reply::Close,
                _ => fresh("/store/fresh"),
            }
        } else if request.line().contains("fresh") {
            Reply::bytes(200, "", &file())
        } else {
            Reply::new(403, "")
        }
    })
    .await;
    assert_eq!(requests.len(), 5);

    let (error, requests) = read_in_vain(|request| match is_download(request) {
        true => Reply::new(403, ""),
        false => Reply::new(503, ""),
    })
    .await;
    assert!(
        error.to_string().contains("the API answered 503"),
        "{error}"
    );
    assert_eq!(requests.len(), 4);
}

/// A link is as good as a key to the results, so no text has it.
#[tokio::test]
async fn errors_do_not_show_the_link() {
    for reply in [
        || Reply::Close,
        || Reply::new(403, "{}"),
        || Reply::new(403, &json!({"message": LINK}).to_string()),
        || Reply::new(500, LINK),
        || Reply::Raw(b"?".to_vec()),
    ] {
        let (error, _) = read_in_vain(move |request| match is_download(request) {
            true => reply(),
            false => fresh(LINK),
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

/// Whatever a job links to, or a store redirects to.
#[tokio::test]
async fn results_come_from_the_hosts_that_the_caller_names() {
    for (hosts, host) in [
        (vec!["store.example.com"], "127.0.0.1"),
        (vec!["*.0.0.1"], "localhost"),
        (vec![], "127.0.0.1"),
    ] {
        let server = Server::start(|_| {
            Reply::with_headers(307, "location: http://localhost:1/elsewhere\r\n", "")
        })
        .await;
        let client = builder(server.url())
            .download_attempts(attempts(1))
            .results_hosts(hosts)
            .build()
            .unwrap();
        let mut items = collect(client.results(&completed_job())).await;
        let error = items.pop().unwrap().unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains(host) && text.contains("results_hosts"),
            "{text}"
        );
        assert!(!error.is_transient() && items.is_empty());
        assert_eq!(server.requests().len(), usize::from(host == "localhost"));
    }
}

#[tokio::test]
async fn a_host_that_the_caller_names_is_fetched_from() {
    let server = Server::start(|_| Reply::bytes(200, "", &file())).await;
    for hosts in [["127.0.0.1"], ["*.0.1"]] {
        let client = builder(server.url()).results_hosts(hosts).build().unwrap();
        let items = collect(client.results(&completed_job())).await;
        assert!(items.len() == COUNT && items.iter().all(Result::is_ok));
    }
}
