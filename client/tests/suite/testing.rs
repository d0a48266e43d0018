//! What the feature `testing` makes is as the client makes it.

use crustdata_batch::testing::{self, Response};
use crustdata_batch::{ApiKey, Client, JobStatus, SubmitError, Uuid};

use crate::server::{BATCH_ID, KEY, batch_id, request};

#[test]
fn errors_are_what_they_are_made_for() {
    let job = |status| testing::job(batch_id(), status);
    assert!(testing::not_sent().is_not_sent());
    assert!(testing::poll_refused(404, "").is_not_found());
    assert!(testing::submission_refused(429, "").is_rate_limited());
    assert!(!testing::submission_refused(400, "").is_not_found());
    assert_eq!(testing::poll_refused(7, "").status(), Some(500));
    assert!(testing::deadline(job(JobStatus::Processing)).is_deadline());
    let failed = testing::job_failed(job(JobStatus::Failed));
    assert!(failed.is_job_failed() && failed.job().is_some());
    let line = testing::unreadable_line(batch_id(), 3, "{");
    assert_eq!(line.line(), Some((3, &b"{"[..])));
    assert!(testing::not_completed(job(JobStatus::Pending)).is_not_completed());
}

#[test]
fn an_unknown_outcome_has_its_submission_and_the_id_in_its_body() {
    let body = format!("{{\"batch_id\": \"{BATCH_ID}\"}}");
    let unknown = testing::outcome_unknown(&request(), 502, &body);
    assert_eq!(unknown.batch_id(), Some(batch_id()));
    assert_eq!(unknown.submission().identifiers, 1);
    let text = SubmitError::OutcomeUnknown(unknown).to_string();
    assert!(text.contains("may bill it twice"), "{text}");
}

#[test]
fn values_can_be_filled_in() {
    let mut accepted = testing::accepted(Uuid::nil());
    accepted.details = Ok(testing::accepted_batch(Uuid::nil(), 3));
    let mut record = testing::record("https://www.linkedin.com/in/nobody-0001/");
    record.data.business_email = Some(Vec::new());
    let json = serde_json::to_value(&record).unwrap();
    assert_eq!(
        serde_json::from_value::<crustdata_batch::ContactRecord>(json).unwrap(),
        record
    );
}

#[tokio::test]
async fn responses_mean_what_they_mean_over_a_connection() {
    let key = ApiKey::new(KEY).unwrap();
    let client = Client::builder().api_key(key).build().unwrap();
    let named = format!("{{\"batch_id\": \"{BATCH_ID}\"}}");

    let accepted = testing::submitted(&client, &request(), Response::new(202, &*named)).await;
    let accepted = accepted.unwrap();
    assert_eq!(accepted.batch_id, batch_id());
    assert!(accepted.details.is_err());

    let refused = testing::submitted(&client, &request(), Response::new(400, "{}")).await;
    assert!(matches!(refused, Err(SubmitError::NotAccepted(_))));

    let echo = Response::new(502, format!("no such key: {KEY}")).header("x-request-id", "42");
    let unknown = match testing::submitted(&client, &request(), echo).await {
        Err(SubmitError::OutcomeUnknown(unknown)) => unknown,
        other => panic!("{other:?}"),
    };
    assert_eq!(unknown.request_id(), Some("42"));
    assert!(
        unknown
            .body_excerpt()
            .is_some_and(|body| !body.contains(KEY))
    );

    let other = testing::polled(&client, Uuid::nil(), Response::new(200, &*named)).await;
    assert!(other.is_err());

    let page = r#"{"jobs": [], "has_more": false, "next_cursor": null}"#;
    let page = testing::listed(&client, Response::new(200, page)).await;
    assert!(page.unwrap().jobs.is_empty());
}

#[tokio::test]
async fn a_file_gives_the_records_that_it_gives_over_a_connection() {
    let key = ApiKey::new(KEY).unwrap();
    let client = Client::builder().api_key(key).build().unwrap();
    let job = testing::job(batch_id(), JobStatus::Completed);
    let mut plain = testing::results_of(&client, &job, "{}");
    let error = plain.next().await.unwrap().unwrap_err();
    assert!(error.is_unreadable_file(), "{error}");
    assert!(plain.next().await.is_none());
}
