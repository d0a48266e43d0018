//! Results files as streams of records, and what may be wrong in their lines. How they are packed is a matter of
//! `archives`.

use std::io::Write as _;

use crustdata_batch::{BatchJob, ContactRecord, EmailStatus, Error, Results};
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::server::{KEY, Reply, Request, Server, job};

/// Where the tests' jobs have their results: on the same server, without its name.
pub(crate) const LINK: &str = "/store/results.jsonl.gz?signature=s3cr3t";

pub(crate) fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// A record in the documented shape.
pub(crate) fn record(identifier: &str) -> Value {
    json!({
        "original_identifier": identifier,
        "internal_id": 7,
        "data": {"business_email": [{"email": "a@example.com", "status": "catch_all"}]},
    })
}

pub(crate) fn lines(records: &[Value]) -> String {
    records.iter().map(|record| format!("{record}\n")).collect()
}

/// A completed job with its results at [`LINK`].
pub(crate) fn completed(result_count: Option<u64>) -> BatchJob {
    serde_json::from_value(job(
        "completed",
        json!({"result_count": result_count, "download_url": LINK}),
    ))
    .unwrap()
}

/// Whether a request is one for the file.
pub(crate) fn is_download(request: &Request) -> bool {
    request.line().starts_with("GET /store/")
}

pub(crate) async fn collect(mut results: Results) -> Vec<Result<ContactRecord, Error>> {
    let mut items = Vec::new();
    while let Some(item) = results.next().await {
        items.push(item);
    }
    items
}

/// Reads a file with these bytes.
pub(crate) async fn read(
    file: Vec<u8>,
    result_count: Option<u64>,
) -> Vec<Result<ContactRecord, Error>> {
    let server = Server::start(move |_| Reply::bytes(200, "", &file)).await;
    collect(server.client().results(&completed(result_count))).await
}

#[tokio::test]
async fn records_come_as_they_stand_in_the_file() {
    let items = read(gzip(&lines(&[record("a"), record("b")])), Some(2)).await;
    let records: Vec<_> = items.into_iter().map(Result::unwrap).collect();
    assert_eq!(json!(records), json!([record("a"), record("b")]));
    let emails = records[0].data.business_email.as_ref().unwrap();
    assert_eq!(emails[0].status, Some(EmailStatus::CatchAll));
}

#[tokio::test]
async fn both_shapes_are_read() {
    let bare = json!({
        "professional_network_url": "b",
        "person_id": 8,
        "personal_contact_info": {"phone_numbers": ["+1 202 555 0100"], "personal_emails": null},
    });
    let empty = json!({"original_identifier": "c", "internal_id": 9, "data": null});
    let items = read(gzip(&lines(&[record("a"), bare, empty])), Some(3)).await;
    let records: Vec<_> = items.into_iter().map(Result::unwrap).collect();
    let of = |index: usize| records[index].original_identifier.as_str();
    assert_eq!([of(0), of(1), of(2)], ["a", "b", "c"]);
    assert_eq!(records[1].internal_id, Some(json!(8)));
    let private = records[1].data.personal_contact_info.as_ref().unwrap();
    assert_eq!(
        private.phone_numbers.as_deref(),
        Some(&["+1 202 555 0100".to_owned()][..])
    );
    assert_eq!(records[2].internal_id, Some(json!(9)));
    assert!(records[2].data.business_email.is_none());
}

/// Files that are put together may have one at the beginning of each.
#[tokio::test]
async fn a_byte_order_mark_is_no_part_of_a_line() {
    let file = format!("\u{feff}{}\n\u{feff}{}", record("a"), record("b"));
    let items = read(gzip(&file), Some(2)).await;
    assert!(items.iter().all(Result::is_ok), "{items:?}");
}

/// The file's name for the owner goes first, as it is what was submitted.
#[tokio::test]
async fn a_bare_record_may_name_its_owner_twice() {
    let both = json!({
        "professional_network_url": "b", "original_identifier": "a",
        "person_id": 1, "internal_id": 2, "business_email": [],
    });
    let items = read(gzip(&lines(&[both])), Some(1)).await;
    let record = items[0].as_ref().unwrap();
    assert_eq!(record.original_identifier, "a");
    assert_eq!(record.internal_id, Some(json!(2)));
}

#[tokio::test]
async fn a_line_that_cannot_be_read_is_an_item_and_not_the_end() {
    let odd = [
        "{\"original_identifier\": \"x",
        "<html>",
        "[]",
        "7",
        "{}",
        r#"{"original_identifier": "x", "data": "secret@example.com"}"#,
        r#"{"original_identifier": "x", "data": {"business_email": "secret@example.com"}}"#,
        r#"{"original_identifier": 7, "data": {}}"#,
    ];
    for line in odd {
        let text = format!("{}\n\n{line}\n{}", record("a"), record("b"));
        let items = read(gzip(&text), Some(3)).await;
        let [Ok(a), Err(error), Ok(b)] = &items[..] else {
            panic!("{line}: {items:?}")
        };
        assert_eq!([&a.original_identifier, &b.original_identifier], ["a", "b"]);
        assert!(error.is_unreadable_line(), "{error}");
        assert_eq!(error.line(), Some((3, line.as_bytes())));
        assert!(error.to_string().contains("line 3"), "{error}");
        // What a line says may be somebody's data.
        assert!(
            !format!("{error} {error:?}").contains("secret@"),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn bytes_that_are_no_text_are_an_item_too() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder
        .write_all(b"{\"original_identifier\": \"\xff\", \"data\": {}}\n")
        .unwrap();
    encoder.write_all(lines(&[record("b")]).as_bytes()).unwrap();
    let items = read(encoder.finish().unwrap(), Some(2)).await;
    assert!(items[0].as_ref().unwrap_err().is_unreadable_line());
    assert_eq!(items[1].as_ref().unwrap().original_identifier, "b");
}

#[tokio::test]
async fn another_number_of_lines_than_the_job_says_is_the_last_item() {
    for expected in [1, 3] {
        let mut items = read(gzip(&lines(&[record("a"), record("b")])), Some(expected)).await;
        let error = items.pop().unwrap().unwrap_err();
        assert!(error.is_count_mismatch(), "{error}");
        assert_eq!(items.len(), 2);
        assert!(
            error
                .to_string()
                .contains(&format!("2 lines, and the job says {expected}")),
            "{error}"
        );
    }
    assert_eq!(read(gzip(&lines(&[record("a")])), None).await.len(), 1);
}

#[tokio::test]
async fn a_job_without_results_needs_no_download() {
    let server = Server::responding(404, "").await;
    assert!(
        collect(server.client().results(&completed(Some(0))))
            .await
            .is_empty()
    );
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn ten_thousand_lines_are_ten_thousand_records() {
    let records: Vec<_> = (0..10_000)
        .map(|n| record(&format!("nobody-{n}")))
        .collect();
    let items = read(gzip(&lines(&records)), Some(10_000)).await;
    assert_eq!(items.len(), 10_000);
    for (n, item) in items.into_iter().enumerate() {
        assert_eq!(item.unwrap().original_identifier, format!("nobody-{n}"));
    }
}

#[tokio::test]
async fn the_longest_line_can_be_set() {
    let long = record(&"x".repeat(200_000));
    let text = lines(&[record("a"), long, record("b")]);
    let server = Server::start(move |_| Reply::bytes(200, "", &gzip(&text))).await;
    let results = server.client().results(&completed(Some(3)));
    assert!(collect(results).await.iter().all(Result::is_ok));
    let results = server
        .client()
        .results(&completed(Some(3)))
        .line_limit(1_000);
    let items = collect(results).await;
    assert_eq!(items[1].as_ref().unwrap_err().line().unwrap().0, 2);
    assert!(items[0].is_ok() && items[2].is_ok() && items.len() == 3);
}

/// As after a restart, with what came before already kept.
#[tokio::test]
async fn items_can_be_left_out() {
    let text = format!("{}\n\nodd\n\n{}\nodder\n", record("a"), record("b"));
    let server = Server::start(move |_| Reply::bytes(200, "", &gzip(&text))).await;
    let results = |items| server.client().results(&completed(Some(4))).skip(items);
    let all = collect(results(0)).await;
    for items in 0..4 {
        let rest = collect(results(items)).await;
        let skipped = usize::try_from(items).unwrap();
        assert_eq!(format!("{rest:?}"), format!("{:?}", &all[skipped..]));
    }
    assert!(collect(results(4)).await.is_empty());
    assert!(collect(results(u64::MAX)).await.is_empty());
    // Later on it counts from there, and a line's number is the file's.
    let mut later = results(1);
    assert_eq!(
        later.next().await.unwrap().unwrap_err().line().unwrap().0,
        3
    );
    let mut later = later.skip(1);
    assert_eq!(
        later.next().await.unwrap().unwrap_err().line().unwrap().0,
        6
    );
    // What is left out is no excuse for lines that are missing.
    let short = server.client().results(&completed(Some(5))).skip(4);
    assert!(
        collect(short).await[0]
            .as_ref()
            .unwrap_err()
            .is_count_mismatch()
    );
}

#[tokio::test]
async fn the_store_never_sees_the_key() {
    let server = Server::start(|_| Reply::bytes(200, "", &gzip(&lines(&[record("a")])))).await;
    collect(server.client().results(&completed(Some(1)))).await;
    let sent = server.requests().remove(0);
    assert!(is_download(&sent));
    assert_eq!(sent.header("authorization"), None);
    assert!(!sent.head.contains(KEY));
}

/// Cut into lines by another hand, and compared.
#[test]
fn any_text_is_cut_into_its_lines() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let line = prop_oneof![
        "[a-z]{0,5}".prop_map(|name| record(&name).to_string()),
        Just(String::new()),
        Just("  \r".to_owned()),
        "[a-z{]{1,5}",
        Just("x".repeat(70_000)),
    ];
    let config = ProptestConfig {
        cases: 32,
        ..ProptestConfig::default()
    };
    proptest!(config, |(lines in prop::collection::vec(line, 0..20), ends_in_newline: bool)| {
        let mut text = lines.join("\n");
        if ends_in_newline {
            text.push('\n');
        }
        let expected: Vec<_> = (1..)
            .zip(&lines)
            .filter(|(_, line)| !line.trim().is_empty())
            .map(|(number, line)| match serde_json::from_str::<ContactRecord>(line) {
                Ok(record) => Ok(record.original_identifier),
                Err(_) => Err(number),
            })
            .collect();
        let found: Vec<_> = runtime.block_on(read(gzip(&text), None)).into_iter().map(|item| match item {
            Ok(record) => Ok(record.original_identifier),
            Err(error) => Err(error.line().unwrap().0),
        }).collect();
        prop_assert_eq!(found, expected);
    });
}
