//! What an error holds: what was called, why it failed, and what is known of the job. Not for callers.

use uuid::Uuid;

use super::kind::Kind;
use crate::BatchJob;
use crate::clock::Sent;
use crate::facts::Facts;

/// What an [`Error`](super::Error) holds.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) operation: Operation,
    pub(super) kind: Kind,
    /// The job that the call is about, as far as that is known.
    pub(super) batch_id: Option<Uuid>,
    pub(super) job: Option<BatchJob>,
    /// When the request was sent, of a submission.
    pub(super) sent: Option<Sent>,
    /// What the response said of itself, if one came.
    pub(super) facts: Facts,
}

/// What the call was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Submit,
    Job,
    List,
    Wait,
    Credits,
    Endpoints,
    Usage,
    UsageEvent,
    #[cfg_attr(
        not(feature = "results"),
        expect(dead_code, reason = "made by downloads")
    )]
    Results,
}

impl Operation {
    /// The operation in one word, for logs.
    #[cfg(feature = "tracing")]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Submit => "submit",
            Self::Job => "job",
            Self::List => "list",
            Self::Wait => "wait",
            Self::Credits => "credits",
            Self::Endpoints => "endpoints",
            Self::Usage => "usage",
            Self::UsageEvent => "usage_event",
            Self::Results => "results",
        }
    }
}
