//! Values and errors as the client makes them, for the tests of programs that use it (feature `testing`). What has public
//! fields is made with the least in them; set the others as the test needs them.
//!
//! ```
//! use crustdata_batch::{Error, SubmitError, testing};
//!
//! /// Code under test.
//! fn is_worth_a_retry(error: &SubmitError) -> bool {
//!     matches!(error, SubmitError::NotAccepted(error) if error.is_rate_limited())
//! }
//!
//! let throttled = testing::submission_refused(429, "");
//! assert!(is_worth_a_retry(&SubmitError::NotAccepted(throttled)));
//!
//! let request = crustdata_batch::ContactEnrichRequest::builder()
//!     .profile_urls(["https://www.linkedin.com/in/nobody-0001/"])
//!     .fields([crustdata_batch::ContactField::BusinessEmail])
//!     .build()?;
//! let unknown = testing::outcome_unknown(&request, 502, "");
//! assert!(!is_worth_a_retry(&SubmitError::OutcomeUnknown(unknown)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod responses;

use reqwest::StatusCode;
use uuid::Uuid;

#[cfg(feature = "results")]
pub use self::responses::results_of;
pub use self::responses::{Response, listed, polled, submitted};

use crate::error::{Kind, Operation};
use crate::facts::Facts;
use crate::generated::contract::{job, submit::accepted};
use crate::response::RawResponse;
use crate::{
    Accepted, AcceptedBatch, Action, BatchJob, ContactData, ContactEnrichRequest, ContactRecord,
    Entity, Error, IncompleteResponse, JobStatus, OutcomeUnknown, Submission,
};

/// What `submit` gives for a job whose response said nothing but its id. Set `details` for one that said more.
pub fn accepted(batch_id: Uuid) -> Accepted {
    Accepted {
        batch_id,
        facts: Facts::default(),
        details: Err(IncompleteResponse {
            status: 202,
            reason: "it is made by a test".to_owned(),
            body_excerpt: String::new(),
        }),
    }
}

/// The response to a submission of so many identifiers, for [`Accepted::details`].
pub fn accepted_batch(batch_id: Uuid, identifiers: u64) -> AcceptedBatch {
    AcceptedBatch {
        action: Action::from(accepted::ACTION),
        batch_id,
        entities_requested: identifiers,
        entity: Entity::from(accepted::ENTITY),
        identifier_count: identifiers,
        status: crate::AcceptedStatus::Pending,
        status_url: job::PATH.replace("{batch_id}", &batch_id.to_string()),
    }
}

/// A job's status with the keys that no job lacks.
pub fn job(batch_id: Uuid, status: JobStatus) -> BatchJob {
    let (action, entity) = (accepted::ACTION.to_owned(), accepted::ENTITY.to_owned());
    BatchJob::required(action, batch_id, entity, status)
}

/// A record without contacts.
pub fn record(original_identifier: impl Into<String>) -> ContactRecord {
    ContactRecord::required(ContactData::default(), original_identifier.into())
}

/// The error of a poll that no connection could be made for ([`Error::is_not_sent`]).
pub fn not_sent() -> Error {
    Error::new(Operation::Job, Kind::NotSent("it is made by a test".into()))
}

/// The error of a poll with this response. A number that is no status stands for 500.
pub fn poll_refused(status: u16, body: &str) -> Error {
    refused(Operation::Job, status, body)
}

/// The error of a submission that the API refused so, for [`SubmitError::NotAccepted`](crate::SubmitError). A number that
/// is no status stands for 500.
pub fn submission_refused(status: u16, body: &str) -> Error {
    refused(Operation::Submit, status, body)
}

/// The failure of a submission whose response has a status that doesn't say whether it is accepted, such as 502.
/// If the body has a `batch_id`, it is in [`OutcomeUnknown::batch_id`].
pub fn outcome_unknown(request: &ContactEnrichRequest, status: u16, body: &str) -> OutcomeUnknown {
    let error = refused(Operation::Submit, status, body);
    OutcomeUnknown::new(error, Submission::new(request))
}

/// The error of a wait whose deadline passed when the job stood so ([`Error::is_deadline`]).
pub fn deadline(job: BatchJob) -> Error {
    about(Operation::Wait, Kind::Deadline, job)
}

/// The error of a wait for a job that failed ([`Error::is_job_failed`]).
pub fn job_failed(job: BatchJob) -> Error {
    Error::job_failed(Operation::Wait, job)
}

/// The error of results that were asked for too soon ([`Error::is_not_completed`]).
#[cfg(feature = "results")]
pub fn not_completed(job: BatchJob) -> Error {
    about(Operation::Results, Kind::NotCompleted, job)
}

/// The error of a line of a results file, counted from 1 ([`Error::is_unreadable_line`]).
#[cfg(feature = "results")]
pub fn unreadable_line(batch_id: Uuid, number: u64, text: impl Into<Vec<u8>>) -> Error {
    let kind = Kind::Line {
        number,
        text: crate::error::LineText::new(text.into()),
        reason: "it is made by a test".into(),
    };
    Error::new(Operation::Results, kind).about(batch_id)
}

fn refused(operation: Operation, status: u16, body: &str) -> Error {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let response = RawResponse::of_text(status, body);
    let error = Error::new(operation, Kind::status(&response));
    match response.batch_id() {
        Some(batch_id) => error.about(batch_id),
        None => error,
    }
}

fn about(operation: Operation, kind: Kind, job: BatchJob) -> Error {
    let error = Error::new(operation, kind).about(job.batch_id);
    error.with_job(Some(job))
}
