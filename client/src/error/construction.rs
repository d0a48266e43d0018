//! How errors come about, and what the crate itself asks of them. Not for callers.

use uuid::Uuid;

use super::Error;
use super::failure::{Failure, Operation};
use super::kind::Kind;
use crate::BatchJob;
use crate::call::Unexpected;
use crate::clock::Sent;
use crate::excerpt::excerpt;
use crate::facts::Facts;
use crate::response::RawResponse;

impl Error {
    pub(crate) fn new(operation: Operation, kind: Kind) -> Self {
        Self(Box::new(Failure {
            operation,
            kind,
            batch_id: None,
            job: None,
            sent: None,
            facts: Facts::default(),
        }))
    }

    /// A request that can't be made, for some URL or header in it.
    pub(crate) fn not_built(operation: Operation, error: reqwest::Error) -> Self {
        Self::new(operation, Kind::NotSent(error.into()))
    }

    /// A response that is not the success that it should be.
    pub(crate) fn of_response(
        operation: Operation,
        unexpected: Unexpected,
        response: RawResponse,
    ) -> Self {
        let batch_id = match operation {
            Operation::Submit => response.batch_id(),
            _ => None,
        };
        let facts = response.facts().clone();
        let mut new = Self::new(operation, Kind::of_response(unexpected, response));
        new.0.batch_id = batch_id;
        new.0.facts = facts;
        new
    }

    /// The same error, of the operation that it ended.
    pub(crate) fn of(mut self, operation: Operation) -> Self {
        self.0.operation = operation;
        self
    }

    /// The same error, about this job.
    pub(crate) fn about(mut self, batch_id: Uuid) -> Self {
        self.0.batch_id = Some(batch_id);
        self
    }

    /// The same error, where the job that the response names is another's.
    pub(crate) fn about_no_job(mut self) -> Self {
        self.0.batch_id = None;
        self
    }

    /// The same error, with the job as it stood last, unless it has it already.
    pub(crate) fn with_job(mut self, job: Option<BatchJob>) -> Self {
        self.0.job = self.0.job.or(job);
        self
    }

    /// The same error, of a request that was sent at this time.
    pub(crate) fn sent_at(mut self, sent: Sent) -> Self {
        self.0.sent = Some(sent);
        self
    }

    pub(crate) fn facts(&self) -> &Facts {
        &self.0.facts
    }

    pub(crate) fn sent(&self) -> Option<Sent> {
        self.0.sent
    }

    /// A job that ended without results.
    pub(crate) fn job_failed(operation: Operation, job: BatchJob) -> Self {
        let message = job.error_message.as_deref().map(excerpt);
        Self::new(operation, Kind::JobFailed { message })
            .about(job.batch_id)
            .with_job(Some(job))
    }

    /// The first cause in words.
    pub(crate) fn reason(&self) -> String {
        std::error::Error::source(self)
            .map(ToString::to_string)
            .unwrap_or_default()
    }

    /// The kind of failure in one word, for logs.
    #[cfg(feature = "tracing")]
    pub(crate) fn kind_name(&self) -> &'static str {
        match &self.0.kind {
            Kind::NotSent(_) => "not_sent",
            Kind::NoResponse(_) => "no_response",
            Kind::Status(_) => "status",
            Kind::Store(_) => "store_status",
            Kind::Unreadable { .. } => "unreadable",
            Kind::OtherJob(_) => "other_job",
            Kind::NoNextPage(_) => "no_next_page",
            Kind::NoRequestId => "no_request_id",
            Kind::Deadline => "deadline",
            Kind::Stalled { .. } => "stalled",
            Kind::JobFailed { .. } => "job_failed",
            Kind::NotCompleted => "not_completed",
            Kind::NoLink => "no_link",
            Kind::Interrupted(_) => "interrupted",
            Kind::Link(_) => "link",
            Kind::File(_) => "file",
            Kind::Line { .. } => "line",
            Kind::Count { .. } => "count",
        }
    }

    /// Whether a submission may have been accepted, and billed, all the same.
    pub(crate) fn is_outcome_unknown(&self) -> bool {
        self.0.operation == Operation::Submit
            && match &self.0.kind {
                Kind::NoResponse(_) | Kind::Unreadable { .. } => true,
                // A 4xx says that the request is not accepted, except where a gateway lost sight of it, and where a job
                // is named all the same. Others may have come after it was.
                Kind::Status(response) => {
                    matches!(response.status(), 408 | 499)
                        || !(400..500).contains(&response.status())
                        || self.0.batch_id.is_some()
                }
                _ => false,
            }
    }
}
