//! What a submission fails with: either it is certain that no job came of it, or it isn't.

use std::fmt;

use uuid::Uuid;

use super::{Error, ErrorResponse};
use crate::submission::Submission;

/// A submission that failed.
///
/// There are two ways, there will be no third, and they ask for opposite things, so a caller who wants to try again
/// has to tell them apart.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub enum SubmitError {
    /// The job is certainly not accepted: the request was never sent, or the API refused it. Submitting again can't
    /// bill it twice.
    NotAccepted(Error),
    /// The job may have been accepted. Submitting again may bill it twice.
    OutcomeUnknown(OutcomeUnknown),
}

/// A submission that may have been accepted, and billed, all the same: no response came, or one that can't be read, or
/// the server failed.
///
/// Give its [`submission`](Self::submission) to [`Client::reconcile`](crate::Client::reconcile) before submitting again.
pub struct OutcomeUnknown(Box<(Error, Submission)>);

impl OutcomeUnknown {
    pub(crate) fn new(error: Error, mut submission: Submission) -> Self {
        submission.batch_id = error.batch_id();
        Self(Box::new((error, submission)))
    }

    /// Not for callers: its advice and its questions are those of calls that are safe to repeat.
    pub(super) fn error(&self) -> &Error {
        &self.0.0
    }

    /// What is known about the submission.
    pub fn submission(&self) -> &Submission {
        &self.0.1
    }

    /// The id in a response that is no acceptance (a server error, say). Whether there is such a job,
    /// [`Client::job`](crate::Client::job) tells.
    pub fn batch_id(&self) -> Option<Uuid> {
        self.error().batch_id()
    }

    /// The response's HTTP status, if one came.
    pub fn status(&self) -> Option<u16> {
        self.error().status()
    }

    /// What the response said, if one came whose status is not a success.
    pub fn response(&self) -> Option<&ErrorResponse> {
        self.error().response()
    }

    /// The beginning of the response's body, if one came.
    pub fn body_excerpt(&self) -> Option<&str> {
        self.error().body_excerpt()
    }

    /// The id of the request (`x-request-id`), if the response had one: [`Client::usage_event`](crate::Client::usage_event)
    /// finds by it what was sent and what was charged.
    pub fn request_id(&self) -> Option<&str> {
        self.error().request_id()
    }

    /// The credits that the request was charged (`x-credits-used`), if the response said so.
    pub fn credits_used(&self) -> Option<f64> {
        self.error().credits_used()
    }

    /// Whether time ran out.
    pub fn is_timeout(&self) -> bool {
        self.error().is_timeout()
    }

    /// Whether a success came whose body can't be read.
    pub fn is_unreadable(&self) -> bool {
        self.error().is_unreadable()
    }
}

impl fmt::Debug for OutcomeUnknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutcomeUnknown")
            .field("error", self.error())
            .field("submission", self.submission())
            .finish()
    }
}

impl std::error::Error for OutcomeUnknown {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(self.error())
    }
}
