//! What a call can fail with, as callers see it. How errors come about is in `construction`, what they hold in
//! `failure` and `kind`, what they say in `text`. Requests and clients that can't even be built have errors of their
//! own, with the types they are about.

mod construction;
mod error_response;
mod failure;
mod kind;
mod submit_error;
mod text;

use uuid::Uuid;

pub use self::error_response::ErrorResponse;
use self::failure::Failure;
pub(crate) use self::failure::Operation;
pub(crate) use self::kind::Kind;
#[cfg(feature = "results")]
pub(crate) use self::kind::LineText;
use self::kind::StoreResponse;
pub use self::submit_error::{OutcomeUnknown, SubmitError};
use crate::BatchJob;
use crate::generated::contract::status_code;

/// A call that failed, and changed nothing: it is safe to make it again.
///
/// Ask what it is with the `is_*` methods, and [`is_transient`](Self::is_transient) whether trying again helps. A
/// submission that may have changed something fails with [`OutcomeUnknown`] instead.
///
/// The store that results are in is not the API and doesn't know the key. Where it responds with an error,
/// [`status`](Self::status) has that, and the questions about statuses of the API are all false.
///
/// Neither this type nor its sources ever show the API key, not even when a server echoes it.
#[derive(Debug)]
pub struct Error(Box<Failure>);

impl Error {
    /// Whether the request was never sent: no connection could be made. It is safe to try again.
    pub fn is_not_sent(&self) -> bool {
        matches!(self.0.kind, Kind::NotSent(_))
    }

    /// Whether the same call may well succeed later: no response, one that can't be read, a download that broke off,
    /// too many requests, or a failure of the server.
    pub fn is_transient(&self) -> bool {
        match &self.0.kind {
            Kind::NotSent(_)
            | Kind::NoResponse(_)
            | Kind::Unreadable { .. }
            | Kind::Stalled { .. }
            | Kind::OtherJob(_)
            | Kind::Interrupted(_)
            | Kind::Deadline => true,
            Kind::Status(response) | Kind::Store(StoreResponse(response)) => {
                matches!(
                    response.status(),
                    408 | status_code::TOO_MANY_REQUESTS | 500..
                )
            }
            Kind::NoNextPage(_)
            | Kind::NoRequestId
            | Kind::JobFailed { .. }
            | Kind::NotCompleted
            | Kind::NoLink
            | Kind::Link(_)
            | Kind::File(_)
            | Kind::Line { .. }
            | Kind::Count { .. } => false,
        }
    }

    /// Whether time ran out, before or after the request was sent.
    pub fn is_timeout(&self) -> bool {
        if matches!(self.0.kind, Kind::Stalled { .. }) {
            return true;
        }
        let mut source = std::error::Error::source(self);
        while let Some(error) = source {
            if error
                .downcast_ref::<reqwest::Error>()
                .is_some_and(reqwest::Error::is_timeout)
            {
                return true;
            }
            source = error.source();
        }
        false
    }

    /// Whether the API doesn't know the key: status 401 of the API.
    pub fn is_unauthorized(&self) -> bool {
        self.has_error_status(status_code::UNAUTHORIZED)
    }

    /// Whether the account's credits are used up: status 402 of the API. Trying again does not help.
    pub fn is_insufficient_credits(&self) -> bool {
        self.has_error_status(status_code::INSUFFICIENT_CREDITS)
    }

    /// Whether the account may not have what it asked for: status 403 of the API.
    /// [`ErrorResponse::denied_fields`] names the fields. Trying again does not help.
    pub fn is_forbidden(&self) -> bool {
        self.has_error_status(status_code::FORBIDDEN)
    }

    /// Whether there is no such job for this account, or no such event: status 404 of the API, or 400 where a job was asked for by its id.
    /// Nobody says which of the two it gives for an id that it doesn't know.
    pub fn is_not_found(&self) -> bool {
        self.has_error_status(status_code::NOT_FOUND)
            || self.has_error_status(status_code::BAD_REQUEST)
                && matches!(self.0.operation, Operation::Job | Operation::Wait)
    }

    /// Whether there are too many active jobs or too many requests: status 429 of the API. Nothing was
    /// accepted; [`ErrorResponse::retry_after`] says how long to wait, if the server did.
    pub fn is_rate_limited(&self) -> bool {
        self.has_error_status(status_code::TOO_MANY_REQUESTS)
    }

    /// Whether the deadline given to [`Wait::deadline`](crate::Wait::deadline) passed. The job goes on: wait again
    /// for [`batch_id`](Self::batch_id). [`job`](Self::job) is how it stood last.
    pub fn is_deadline(&self) -> bool {
        matches!(self.0.kind, Kind::Deadline)
    }

    /// Whether the job has ended without results: status `failed`. [`job`](Self::job) has its `error_message`.
    pub fn is_job_failed(&self) -> bool {
        matches!(self.0.kind, Kind::JobFailed { .. })
    }

    /// Whether results were asked for before the job was completed. [`job`](Self::job) is how it stands.
    pub fn is_not_completed(&self) -> bool {
        matches!(self.0.kind, Kind::NotCompleted)
    }

    /// Whether one line of a results file can't be read. The lines after it follow all the same.
    pub fn is_unreadable_line(&self) -> bool {
        matches!(self.0.kind, Kind::Line { .. })
    }

    /// Whether a results file can't be read any further because of its bytes: it is no gzip, damaged, or cut short. The
    /// records before that were read, but the checksum that would vouch for them was not reached or does not fit. The
    /// download itself went well, so asking again hardly helps.
    pub fn is_unreadable_file(&self) -> bool {
        matches!(self.0.kind, Kind::File(_))
    }

    /// Whether a results file has more or fewer lines than the job says.
    pub fn is_count_mismatch(&self) -> bool {
        matches!(self.0.kind, Kind::Count { .. })
    }

    /// The number of the line that can't be read, counted from 1, and the line's text as far as it is kept. It may
    /// hold personal data, so it is in neither the error's text nor its `Debug`.
    pub fn line(&self) -> Option<(u64, &[u8])> {
        match &self.0.kind {
            Kind::Line { number, text, .. } => Some((*number, text.as_bytes())),
            _ => None,
        }
    }

    /// Whether a success came whose body can't be read.
    pub fn is_unreadable(&self) -> bool {
        matches!(self.0.kind, Kind::Unreadable { .. })
    }

    /// The response's HTTP status, if one came: the API's, or for results that of the store they are in.
    pub fn status(&self) -> Option<u16> {
        match &self.0.kind {
            Kind::Status(response) | Kind::Store(StoreResponse(response)) => {
                Some(response.status())
            }
            Kind::Unreadable { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// What the response said, if one came whose status is not a success: the API's, or for results that of the store
    /// they are in. A store may quote the link to the file, which is as good as a key to it, so what it said is in
    /// neither this error's text nor its `Debug`.
    pub fn response(&self) -> Option<&ErrorResponse> {
        match &self.0.kind {
            Kind::Status(response) | Kind::Store(StoreResponse(response)) => Some(response),
            _ => None,
        }
    }

    /// The beginning of the response's body, if one came. See [`response`](Self::response) on the store's.
    pub fn body_excerpt(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Unreadable { body_excerpt, .. } => Some(body_excerpt),
            _ => self.response().map(ErrorResponse::body_excerpt),
        }
    }

    /// The id of the request (`x-request-id`), if the response had one: [`Client::usage_event`](crate::Client::usage_event)
    /// finds the request by it. Of a job that is in the error, that of its status. Documented; on which responses is not.
    pub fn request_id(&self) -> Option<&str> {
        let job = self.job().and_then(BatchJob::request_id);
        self.0.facts.request_id().or(job)
    }

    /// The credits that the request was charged (`x-credits-used`), if the response said so. Documented for endpoints that
    /// cost something; whether those of jobs say it is open.
    pub fn credits_used(&self) -> Option<f64> {
        let job = self.job().and_then(BatchJob::credits_used);
        self.0.facts.credits_used().or(job)
    }

    /// The job that the call was about.
    pub fn batch_id(&self) -> Option<Uuid> {
        self.0.batch_id
    }

    /// How the job stood last, where a wait ended before or without its results.
    pub fn job(&self) -> Option<&BatchJob> {
        self.0.job.as_ref()
    }

    /// Whether the API's response has this status. What a store says tells nothing about the key, the account or the job.
    fn has_error_status(&self, status: u16) -> bool {
        matches!(&self.0.kind, Kind::Status(response) if response.status() == status)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.kind {
            Kind::NotSent(source)
            | Kind::Unreadable { reason: source, .. }
            | Kind::Interrupted(source)
            | Kind::Link(source)
            | Kind::File(source)
            | Kind::Line { reason: source, .. } => Some(&**source),
            Kind::NoResponse(source) => Some(source),
            Kind::Status(_)
            | Kind::Store(_)
            | Kind::Stalled { .. }
            | Kind::OtherJob(_)
            | Kind::NoNextPage(_)
            | Kind::NoRequestId
            | Kind::Deadline
            | Kind::JobFailed { .. }
            | Kind::NotCompleted
            | Kind::NoLink
            | Kind::Count { .. } => None,
        }
    }
}
