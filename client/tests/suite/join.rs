//! Records beside the identifiers that were submitted.

use crustdata_batch::{BatchJob, JoinedResults};
use serde_json::json;

use crate::results::{completed, gzip, lines, record};
use crate::server::{Reply, Server};

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

#[tokio::test]
async fn a_download_that_cannot_go_on_is_an_error() {
    let server = Server::answering(500, "").await;
    let results = server.client().results(&completed(Some(1)));
    assert_eq!(results.join(["a"]).await.unwrap_err().status(), Some(500));
}
