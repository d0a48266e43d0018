//! What the feature `testing` makes is as the client makes it.

use crustdata_batch::{JobStatus, SubmitError, Uuid, testing};

use crate::server::{BATCH_ID, batch_id, request};

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
