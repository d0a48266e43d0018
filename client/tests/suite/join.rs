//! Records beside the identifiers that were submitted.

use crustdata_batch::{BatchJob, Error, JoinedResults};
use serde_json::json;

use crate::results::{completed, gzip, lines, record};
use crate::server::{Reply, Server, attempts, builder};

async fn join(text: String, job: BatchJob, identifiers: &[&str]) -> JoinedResults {
    let server = Server::start(move |_| Reply::bytes(200, "", &gzip(&text))).await;
    let results = server.client().results(&job);
    results.join(identifiers.iter().copied()).await.unwrap()
}

fn found(joined: &JoinedResults) -> Vec<Option<&str>> {
    let name = |row: &crustdata_batch::JoinedRow| row.record.is_some();
    joined
        .rows
        .iter()
        .map(|row| name(row).then_some(row.identifier.as_str()))
        .collect()
}

#[tokio::test]
async fn rows_come_in_the_order_of_the_identifiers_and_the_missing_are_named() {
    let text = lines(&[record("c"), record("a"), record("x")]);
    let joined = join(text, completed(Some(3)), &["a", "b", "c"]).await;
    assert_eq!(found(&joined), [Some("a"), None, Some("c")]);
    assert_eq!(joined.missing().collect::<Vec<_>>(), ["b"]);
    assert_eq!(joined.others[0].original_identifier, "x");
    assert!(joined.problems.is_empty());
}

#[tokio::test]
async fn spellings_of_the_same_profile_are_the_same() {
    let text = lines(&[
        record("https://www.linkedin.com/in/Nobody-1"),
        record("linkedin.com/in/nobody-2/"),
    ]);
    let submitted = [
        "http://linkedin.com/in/nobody-1/",
        "https://www.linkedin.com/in/nobody-2",
    ];
    let joined = join(text, completed(Some(2)), &submitted).await;
    assert_eq!(joined.missing().count(), 0);
    assert_eq!(joined.rows[0].identifier, submitted[0]);
    assert!(joined.others.is_empty());
}

#[tokio::test]
async fn an_identifier_that_was_submitted_twice_has_a_record_twice() {
    let joined = join(lines(&[record("a")]), completed(Some(1)), &["a", "a"]).await;
    assert_eq!(found(&joined), [Some("a"), Some("a")]);
    let mut second = record("a");
    second["internal_id"] = json!(8);
    let joined = join(
        lines(&[record("a"), second]),
        completed(Some(2)),
        &["a", "a"],
    )
    .await;
    let ids: Vec<_> = joined
        .rows
        .iter()
        .map(|row| row.record.as_ref().unwrap().internal_id.clone())
        .collect();
    assert_eq!(ids, [Some(json!(7)), Some(json!(8))]);
    assert!(joined.others.is_empty());
}

#[tokio::test]
async fn what_is_wrong_with_the_file_does_not_cost_the_rest() {
    let text = format!("{}oops\n", lines(&[record("a")]));
    let joined = join(text, completed(Some(9)), &["a", "b"]).await;
    assert_eq!(found(&joined), [Some("a"), None]);
    assert!(joined.problems[0].is_unreadable_line());
    assert!(joined.problems[1].is_count_mismatch());
}

/// Ids in profile URLs may differ in capitals alone, and the file's order is open: nobody gets another's contacts.
#[tokio::test]
async fn an_identifier_gets_the_record_with_its_own_spelling() {
    let names = [
        "https://www.linkedin.com/in/ACoAAB1xYz",
        "https://www.linkedin.com/in/ACoAAB1XyZ",
    ];
    let text = lines(&[record(names[1]), record(names[0])]);
    let joined = join(text, completed(Some(2)), &names).await;
    for row in joined.rows {
        assert_eq!(row.record.unwrap().original_identifier, row.identifier);
    }
    let joined = join(lines(&[record(names[1])]), completed(Some(1)), &names).await;
    assert_eq!(joined.missing().collect::<Vec<_>>(), [names[0]]);
}

#[tokio::test]
async fn two_spellings_may_share_a_record() {
    let names = [
        "linkedin.com/in/nobody-1",
        "https://www.linkedin.com/in/nobody-1/",
    ];
    let joined = join(lines(&[record(names[1])]), completed(Some(1)), &names).await;
    assert_eq!(found(&joined), [Some(names[0]), Some(names[1])]);
}

#[tokio::test]
async fn records_of_nobody_come_in_the_order_of_the_file() {
    let names: Vec<_> = (0..50).map(|n| format!("nobody-{n}")).collect();
    let records: Vec<_> = names.iter().map(|name| record(name)).collect();
    let joined = join(lines(&records), completed(Some(50)), &["nobody-7"]).await;
    let others = joined.others.iter();
    let others: Vec<_> = others.map(|record| &record.original_identifier).collect();
    let expected: Vec<_> = names.iter().filter(|name| *name != "nobody-7").collect();
    assert_eq!(others, expected);
}

#[tokio::test]
async fn garbage_after_the_file_does_not_cost_a_joins_records() {
    let file = [gzip(&lines(&[record("a")])), vec![b'x'; 512]].concat();
    let joined = join_file(file).await.unwrap();
    assert_eq!(found(&joined), [Some("a"), None]);
    let [problem] = &joined.problems[..] else {
        panic!("{:?}", joined.problems)
    };
    assert!(problem.is_unreadable_file(), "{problem}");
}

/// Nobody is to take all profiles for missing because a proxy had a page to show.
#[tokio::test]
async fn a_file_without_a_record_that_can_be_read_is_an_error() {
    let error = join_file(b"<html>Welcome</html>".to_vec()).await;
    assert!(error.unwrap_err().is_unreadable_file());
}

async fn join_file(file: Vec<u8>) -> Result<JoinedResults, Error> {
    let server = Server::start(move |_| Reply::bytes(200, "", &file)).await;
    let results = server.client().results(&completed(Some(1)));
    results.join(["a", "b"]).await
}

/// Asking again helps, so a part of the file is no result.
#[tokio::test]
async fn a_download_that_cannot_go_on_is_an_error() {
    let (first, second) = (gzip(&lines(&[record("a")])), gzip(&lines(&[record("b")])));
    let file = [first.clone(), second].concat();
    let end = first.len();
    for reply in [
        Box::new(|| Reply::new(500, "")) as Box<dyn Fn() -> Reply + Send + Sync>,
        Box::new(move || Reply::cut(200, "", &file, end)),
    ] {
        let server = Server::start(move |_| reply()).await;
        let client = builder(server.url()).download_attempts(attempts(1));
        let results = client.build().unwrap().results(&completed(Some(2)));
        let error = results.join(["a", "b"]).await.unwrap_err();
        assert!(error.is_transient(), "{error}");
    }
}
