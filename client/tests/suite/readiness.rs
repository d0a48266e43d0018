//! Results of jobs that are not, or not known to be, completed.

use crustdata_batch::{BatchJob, ContactRecord, Error, JobStatus};
use serde_json::{Value, json};

use crate::results::{LINK, collect, gzip, is_download, lines, record};
use crate::server::{BATCH_ID, Reply, Request, Server, job};

/// Asks for the results of a job that was read in one state and is in another by now. The file has two records.
async fn read(
    before: (&str, Value),
    now: (&str, Value),
) -> (Vec<Result<ContactRecord, Error>>, Vec<String>) {
    let before: BatchJob = serde_json::from_value(job(before.0, before.1)).unwrap();
    let now = job(now.0, now.1).to_string();
    let server = Server::start(move |request| match is_download(request) {
        true => Reply::bytes(200, "", &gzip(&lines(&[record("a"), record("b")]))),
        false => Reply::new(200, &now),
    })
    .await;
    let items = collect(server.client().results(&before)).await;
    let requests = server.requests();
    let asked = requests.iter().map(Request::line).map(str::to_owned);
    (items, asked.collect())
}

fn ready() -> (&'static str, Value) {
    (
        "completed",
        json!({"result_count": 2, "download_url": LINK}),
    )
}

fn status_request() -> String {
    format!("GET /batch/{BATCH_ID}")
}

/// Counts of a job at work may be zero, or stale, and the list has no links.
#[tokio::test]
async fn a_job_that_was_not_ready_is_read_again_first() {
    for before in [
        ("pending", json!({"result_count": 0})),
        ("pending", json!({})),
        ("processing", json!({"result_count": 1})),
        ("completed", json!({"result_count": 2})),
        ("completed", json!({})),
    ] {
        let (items, asked) = read(before, ready()).await;
        assert_eq!(items.iter().filter(|item| item.is_ok()).count(), 2);
        assert_eq!(items.len(), 2, "{items:?}");
        assert_eq!(asked, [status_request(), format!("GET {LINK}")]);
    }
}

#[tokio::test]
async fn a_job_that_is_ready_is_not_read_again() {
    let (items, asked) = read(ready(), ("failed", json!({}))).await;
    assert_eq!(items.len(), 2);
    assert_eq!(asked, [format!("GET {LINK}")]);
}

#[tokio::test]
async fn a_job_at_work_has_no_results_yet() {
    for status in ["pending", "processing"] {
        let (mut items, asked) = read(ready_later(), (status, json!({"result_count": 0}))).await;
        let error = items.pop().unwrap().unwrap_err();
        assert!(items.is_empty());
        assert!(error.is_not_completed(), "{error}");
        assert!(error.to_string().contains("Wait for the job"), "{error}");
        assert_eq!(error.job().unwrap().status.as_str(), status);
        assert_eq!(error.batch_id().unwrap().to_string(), BATCH_ID);
        assert_eq!(asked, [status_request()]);
    }
}

fn ready_later() -> (&'static str, Value) {
    ("pending", json!({}))
}

#[tokio::test]
async fn a_failed_job_says_so() {
    let failed = ("failed", json!({"error_message": "no luck"}));
    let (mut items, asked) = read(ready_later(), failed).await;
    let error = items.pop().unwrap().unwrap_err();
    assert!(error.is_job_failed(), "{error}");
    assert!(error.to_string().contains("no luck"), "{error}");
    assert_eq!(error.job().unwrap().status, JobStatus::Failed);
    assert_eq!(asked, [status_request()]);
}

/// Whether a count of zero is left out, null or zero is open.
#[tokio::test]
async fn a_completed_job_without_link_and_count_has_no_results() {
    for more in [
        json!({}),
        json!({"result_count": null, "download_url": null}),
        json!({"result_count": 0, "download_url": LINK}),
        json!({"entities_fulfilled": 0, "download_url": ""}),
    ] {
        let (items, asked) = read(ready_later(), ("completed", more)).await;
        assert!(items.is_empty(), "{items:?}");
        assert_eq!(asked, [status_request()]);
    }
}

#[tokio::test]
async fn a_completed_job_without_link_to_its_results_is_an_error() {
    for more in [json!({"result_count": 2}), json!({"entities_fulfilled": 2})] {
        let (mut items, asked) = read(ready_later(), ("completed", more)).await;
        let error = items.pop().unwrap().unwrap_err();
        assert!(error.to_string().contains("no link"), "{error}");
        assert!(!error.is_not_completed());
        assert_eq!(asked, [status_request()]);
    }
}

/// A zero may stand for no count at all.
#[tokio::test]
async fn a_count_of_zero_does_not_hide_records_that_another_count_speaks_of() {
    let more = json!({"result_count": 0, "entities_fulfilled": 2, "download_url": LINK});
    let (items, _) = read(ready_later(), ("completed", more)).await;
    assert_eq!(items.iter().filter(|item| item.is_ok()).count(), 2);
    assert!(
        items
            .last()
            .unwrap()
            .as_ref()
            .unwrap_err()
            .is_count_mismatch()
    );
}

/// A status that is newer than this client may be as good as completed.
#[tokio::test]
async fn a_link_under_a_status_that_nobody_knows_is_followed() {
    let (_, link) = ready();
    let (items, _) = read(ready_later(), ("archived", link)).await;
    assert_eq!(items.len(), 2);
    let (mut items, _) = read(ready_later(), ("archived", json!({"result_count": 0}))).await;
    assert!(items.pop().unwrap().unwrap_err().is_not_completed());
}
