//! A results file that changes, or may have changed, while it is read over connections that break. Records of two files
//! are never mixed, whatever the store says or leaves out.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::download::{chunked, file, part, range, read_in_vain, read_whole};
use crate::server::{Reply, Request};

/// Another file of the same records up to the end, and of the same length.
fn other_file() -> Vec<u8> {
    let mut other = file();
    let middle = other.len() / 2;
    other[middle..].reverse();
    other
}

/// The bytes from where the request wants them, or all of them if it wants all.
fn rest_of(file: &[u8], request: &Request, headers: &str) -> Reply {
    let Some(start) = range(request) else {
        return Reply::bytes(200, headers, file);
    };
    let (end, length) = (file.len() - 1, file.len());
    let headers = format!("{headers}content-range: bytes {start}-{end}/{length}\r\n");
    Reply::bytes(206, &headers, &file[start..])
}

/// What a store may say of a file without promising that its bytes stay the same.
const WEAK: [&str; 4] = [
    "",
    "etag: W/\"v1\"\r\n",
    "etag: v1\r\n",
    "last-modified: Wed, 25 Nov 2026 07:00:00 GMT\r\n",
];

#[tokio::test]
async fn without_a_promise_that_the_bytes_stay_the_same_the_file_is_read_from_the_start() {
    for headers in WEAK {
        let next = AtomicUsize::new(0);
        let requests = read_whole(move |request| match next.fetch_add(1, Ordering::Relaxed) {
            0 => Reply::cut(200, headers, &file(), file().len() / 3),
            1 => Reply::cut(200, headers, &file(), file().len() * 2 / 3),
            // Short of what came before.
            2 => Reply::cut(200, headers, &file(), 1_000),
            _ => rest_of(&file(), request, headers),
        })
        .await;
        assert_eq!(requests.len(), 4);
        assert!(requests.iter().all(|request| range(request).is_none()));
    }
}

/// Other bytes than those handed out, told by nothing else: the same length, and the same or no name.
#[tokio::test]
async fn another_file_behind_weak_validators_is_not_mixed() {
    for headers in WEAK {
        for second in [
            |request: &Request, headers: &str| rest_of(&other_file(), request, headers),
            // Shorter than what was handed out, and nobody says so.
            |_: &Request, _: &str| {
                Reply::Raw([&chunked(&file()[..1_000])[..], b"0\r\n\r\n"].concat())
            },
        ] {
            let next = AtomicUsize::new(0);
            let cut = file().len() * 3 / 4;
            let (error, requests) =
                read_in_vain(move |request| match next.fetch_add(1, Ordering::Relaxed) {
                    0 => Reply::cut(200, headers, &file(), cut),
                    _ => second(request, headers),
                })
                .await;
            assert!(
                error.to_string().contains("the file has changed"),
                "{error}"
            );
            assert_eq!(requests.len(), 2);
        }
    }
}

/// A name that turns up while the bytes handed out are still being compared says nothing of them.
#[tokio::test]
async fn a_name_that_comes_later_does_not_vouch_for_earlier_bytes() {
    let next = AtomicUsize::new(0);
    let (error, requests) =
        read_in_vain(move |request| match next.fetch_add(1, Ordering::Relaxed) {
            0 => Reply::cut(200, "", &file(), file().len() * 3 / 4),
            1 => Reply::cut(200, "etag: \"v2\"\r\n", &other_file(), 1_000),
            _ => rest_of(&other_file(), request, "etag: \"v2\"\r\n"),
        })
        .await;
    assert!(
        error.to_string().contains("the file has changed"),
        "{error}"
    );
    assert_eq!(requests.len(), 3);
    assert_eq!(range(&requests[2]), None);
}

#[tokio::test]
async fn a_file_that_changes_in_between_is_not_mixed() {
    for second in [
        |request: &Request| rest_of(&other_file(), request, "etag: \"v2\"\r\n"),
        |request: &Request| rest_of(&other_file(), request, ""),
        |_: &Request| Reply::bytes(200, "etag: \"v2\"\r\n", &other_file()),
        |_: &Request| Reply::bytes(200, "", &other_file()[..1_000]),
        |_: &Request| Reply::bytes(206, "content-range: bytes 0-9/10\r\n", &file()[..10]),
        |request: &Request| match range(request) {
            Some(_) => Reply::bytes(416, "content-range: bytes */10\r\n", b""),
            None => Reply::bytes(200, "", &other_file()),
        },
    ] {
        let next = AtomicUsize::new(0);
        let cut = file().len() * 3 / 4;
        let (error, requests) =
            read_in_vain(move |request| match next.fetch_add(1, Ordering::Relaxed) {
                0 => part(request, "\"v1\"", cut),
                _ => second(request),
            })
            .await;
        assert!(
            error.to_string().contains("the file has changed"),
            "{error}"
        );
        assert!(error.is_transient() && !error.is_unreadable_file());
        assert!(range(&requests[1]).is_some() && requests.len() <= 3);
    }
}

/// Under another name, from elsewhere, or with an odd range: the bytes are the same, so the records are.
#[tokio::test]
async fn a_file_that_only_seems_to_change_is_read_to_its_end() {
    for second in [
        |request: &Request| rest_of(&file(), request, "etag: \"v2\"\r\n"),
        |request: &Request| rest_of(&file(), request, ""),
        |request: &Request| match range(request) {
            Some(_) => Reply::bytes(416, "", b""),
            None => Reply::bytes(200, "", &file()),
        },
        |request: &Request| match range(request) {
            Some(_) => Reply::bytes(206, "content-range: bytes 7-9/10\r\n", b"abc"),
            None => Reply::bytes(200, "", &file()),
        },
    ] {
        let next = AtomicUsize::new(0);
        let requests = read_whole(move |request| match next.fetch_add(1, Ordering::Relaxed) {
            0 => part(request, "\"v1\"", 1_000),
            _ => second(request),
        })
        .await;
        assert_eq!(requests.len(), 3);
    }
}
