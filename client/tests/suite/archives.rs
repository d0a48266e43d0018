//! How results files are packed: archives in a row, padded, packed twice, damaged, or none at all.

use std::io::Write as _;
use std::pin::Pin;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::Stream as _;

use crate::results::{collect, completed, gzip, lines, read, record};
use crate::server::{Reply, Server, attempts, builder};

/// A file of one record.
fn file() -> Vec<u8> {
    gzip(&lines(&[record("a")]))
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn byte_by_byte(file: &[u8]) -> Reply {
    match Reply::bytes(200, "", file) {
        Reply::Raw(bytes) => Reply::Trickle(bytes),
        other => other,
    }
}

#[tokio::test]
async fn a_file_of_several_archives_is_one_file() {
    let file = [gzip(&lines(&[record("a")])), gzip(&lines(&[record("b")]))].concat();
    assert_eq!(read(file, Some(2)).await.len(), 2);
}

#[tokio::test]
async fn an_archive_that_is_cut_or_damaged_is_an_error_after_what_can_be_read() {
    let whole = gzip(&lines(
        &(0..2_000)
            .map(|n| record(&format!("nobody-{n}")))
            .collect::<Vec<_>>(),
    ));
    let cut = whole[..whole.len() / 2].to_vec();
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 40].fill(0x55);
    for file in [cut, damaged] {
        let mut items = read(file, Some(2_000)).await;
        let error = items.pop().unwrap().unwrap_err();
        assert!(
            !error.is_unreadable_line() && !error.is_count_mismatch(),
            "{error}"
        );
        assert!(
            error.to_string().contains("can't be read any further"),
            "{error}"
        );
        assert!(error.is_unreadable_file() && !error.is_transient());
        assert!(!error.to_string().contains("good"), "{error}");
        assert!(!items.is_empty());
    }
}

/// Thirty million bytes from thirty thousand, in one line: read in the memory of one line, and given up with
/// it, not with the file.
#[tokio::test]
async fn a_gzip_bomb_is_one_line_that_is_too_long() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    for _ in 0..30 {
        encoder.write_all(&[b' '; 1_000_000]).unwrap();
    }
    encoder.write_all(b"\n").unwrap();
    encoder.write_all(lines(&[record("b")]).as_bytes()).unwrap();
    let items = read(encoder.finish().unwrap(), Some(2)).await;
    let [Err(error), Ok(record)] = &items[..] else {
        panic!("{} items", items.len())
    };
    assert!(error.is_unreadable_line(), "{error}");
    assert!(error.line().unwrap().1.len() <= 1_000);
    assert_eq!(record.original_identifier, "b");
}

/// What there is nothing to hand out of: blank lines, lines to leave out, and one that is too long. A poll that went through
/// all of it would keep every other task of its thread waiting.
#[cfg(feature = "testing")]
#[tokio::test]
async fn other_tasks_have_their_turn_while_a_file_is_read() {
    let (blank, long) = ("\n".repeat(15_000_000), "x".repeat(15_000_000) + "\n");
    let records = lines(&vec![record("a"); 120_000]);
    for (text, skip) in [(blank, 0), (long, 0), (records, 120_000)] {
        let file = gzip(&(text + &lines(&[record("b")])));
        let client = builder("http://127.0.0.1:1").build().unwrap();
        let job = completed(None);
        let results = crustdata_batch::testing::results_of(&client, &job, file);
        let mut results = results.skip(skip).line_limit(1_000);
        // All of it is in memory, so that nothing else makes it wait.
        let mut turns = 0;
        let mut last = None;
        while let Some(item) = std::future::poll_fn(|cx| {
            let polled = Pin::new(&mut results).poll_next(cx);
            turns += u32::from(polled.is_pending());
            polled
        })
        .await
        {
            last = Some(item);
        }
        assert!(turns > 5, "{turns} turns of others");
        let last = last.unwrap().unwrap();
        assert_eq!(last.original_identifier, "b");
    }
}

#[tokio::test]
async fn a_file_may_come_byte_by_byte() {
    let file = gzip(&lines(&[record("a"), record("b")]));
    let server = Server::start(move |_| byte_by_byte(&file)).await;
    let items = collect(server.client().results(&completed(Some(2)))).await;
    assert!(items.len() == 2 && items.iter().all(Result::is_ok));
}

#[tokio::test]
async fn zeros_after_an_archive_are_padding() {
    let zeros = [0; 100_000];
    for file in [
        [&file()[..], &zeros[..1]].concat(),
        [&file()[..], &zeros[..]].concat(),
        [&file()[..], &zeros[..], &gzip("")[..], &zeros[..]].concat(),
        packed(&[&file()[..], &zeros[..]].concat()),
    ] {
        let items = read(file, Some(1)).await;
        assert!(items.len() == 1 && items[0].is_ok(), "{items:?}");
    }
}

#[tokio::test]
async fn anything_else_after_an_archive_is_an_error() {
    for rest in ["garbage", "\0\0garbage"] {
        let items = read([&file()[..], rest.as_bytes()].concat(), Some(1)).await;
        let [Ok(_), Err(error)] = &items[..] else {
            panic!("{items:?}")
        };
        assert!(error.is_unreadable_file(), "{error}");
    }
}

/// The last line of many files has no end, and a whole record is one without it.
#[tokio::test]
async fn the_last_record_before_an_error_needs_no_line_end() {
    let text = [record("a"), record("b")].map(|record| record.to_string());
    let file = gzip(&text.join("\n"));
    for (bytes, skip, given) in [
        ([&file[..], b"garbage"].concat(), 0, 2),
        ([&file[..], b"garbage"].concat(), 1, 1),
        ([&file[..], b"garbage"].concat(), 2, 0),
        // The records are all there, the checksum is not.
        (file[..file.len() - 8].to_vec(), 0, 2),
    ] {
        let server = Server::start(move |_| Reply::bytes(200, "", &bytes)).await;
        let results = server.client().results(&completed(Some(2)));
        let mut items = collect(results.skip(skip)).await;
        let error = items.pop().unwrap().unwrap_err();
        assert!(error.is_unreadable_file(), "{error}");
        assert_eq!(items.len(), given, "{items:?}");
        assert!(items.iter().all(Result::is_ok), "{items:?}");
    }
}

/// A store that compresses what it sends says so in a header, and nobody asked for it.
#[tokio::test]
async fn a_file_that_is_packed_twice_is_unpacked_twice() {
    for headers in ["", "content-encoding: gzip\r\n"] {
        for bytes in [file(), packed(&file())] {
            let server = Server::start(move |_| Reply::bytes(200, headers, &bytes)).await;
            let items = collect(server.client().results(&completed(Some(1)))).await;
            assert!(items.len() == 1 && items[0].is_ok(), "{items:?}");
            let requests = server.requests();
            assert_eq!(requests[0].header("accept-encoding"), Some("identity"));
        }
    }
}

#[tokio::test]
async fn a_file_that_is_no_archive_is_called_what_it_looks_like() {
    let plain = lines(&[record("a")]);
    for (file, looks) in [
        ("<html>Welcome</html>", "an HTML page"),
        ("\n <!DOCTYPE HTML><p>", "an HTML page"),
        ("<?xml version=\"1.0\"?><Error/>", "an XML document"),
        (&plain, "JSON lines that are not compressed"),
        ("\u{feff}{", "JSON lines that are not compressed"),
        ("PK\u{3}\u{4}", "no gzip"),
        (" ", "no gzip"),
        ("", "it is empty"),
    ] {
        let items = read(file.into(), Some(1)).await;
        let [Err(error)] = &items[..] else {
            panic!("{items:?}")
        };
        assert!(error.is_unreadable_file(), "{error}");
        assert!(error.to_string().contains(looks), "{file}: {error}");
    }
}

/// Results are unpacked here, so that what a caller turns on changes nothing.
#[tokio::test]
async fn unpacking_that_a_caller_turns_on_is_turned_off_again() {
    let header = "content-encoding: gzip\r\n";
    let server = Server::start(move |_| Reply::bytes(200, header, &file())).await;
    let builder = builder(server.url()).http(|http| http.gzip(true));
    let client = builder.build().unwrap();
    let items = collect(client.results(&completed(Some(1)))).await;
    assert!(matches!(&items[..], [Ok(_)]), "{items:?}");
}

/// A file may take as long as it takes, whatever a call may.
#[tokio::test]
async fn a_time_for_requests_that_a_caller_sets_ends_no_download() {
    let records: Vec<_> = (0..500).map(|n| record(&format!("nobody-{n}"))).collect();
    let file = gzip(&lines(&records));
    let server = Server::start(move |_| byte_by_byte(&file)).await;
    let client = builder(server.url())
        .http(|http| http.timeout(Duration::from_nanos(1)))
        .download_attempts(attempts(1))
        .build()
        .unwrap();
    let items = collect(client.results(&completed(Some(500)))).await;
    assert!(items.iter().all(Result::is_ok), "{:?}", items.last());
}
