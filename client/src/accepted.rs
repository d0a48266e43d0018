//! What a submission gives when it is accepted. How the id is read from odd responses is in `lenient`.

use uuid::Uuid;

use crate::facts::Facts;
use crate::{AcceptedBatch, BatchJob};

/// A job that the API has accepted.
///
/// The id is here whatever else the response said: a job that was accepted may be billed, and without its id
/// nobody finds its results.
#[derive(Clone, Debug)]
#[must_use = "the job is accepted and may be billed: keep its id"]
#[non_exhaustive]
pub struct Accepted {
    /// The job's id, for [`Client::job`](crate::Client::job). Store it before anything else.
    pub batch_id: Uuid,
    /// The whole response; or, when only the id could be read from it, why.
    pub details: Result<AcceptedBatch, IncompleteResponse>,
    pub(crate) facts: Facts,
}

impl Accepted {
    /// The id of the request (`x-request-id`), if the response had one. [`Client::usage_event`](crate::Client::usage_event)
    /// finds by it what was charged. Documented; on which responses is not.
    pub fn request_id(&self) -> Option<&str> {
        self.facts.request_id()
    }

    /// The credits that the submission was charged (`x-credits-used`), if the response said so. Documented for endpoints
    /// that cost something; whether this one says it, and whether a job is charged before it ends, is open.
    pub fn credits_used(&self) -> Option<f64> {
        self.facts.credits_used()
    }
}

impl BatchJob {
    /// The id of the request that read this status (`x-request-id`), if the response had one; none for a job of a list.
    pub fn request_id(&self) -> Option<&str> {
        self.facts.request_id()
    }

    /// The credits that the request for this status was charged (`x-credits-used`), if the response said so; none for a job
    /// of a list. Users report that reading a status costs nothing; whether a response speaks of the job's credits is open.
    pub fn credits_used(&self) -> Option<f64> {
        self.facts.credits_used()
    }
}

impl From<AcceptedBatch> for Accepted {
    fn from(batch: AcceptedBatch) -> Self {
        Self {
            batch_id: batch.batch_id,
            details: Ok(batch),
            facts: Facts::default(),
        }
    }
}

/// A response that accepts a job but lacks something it should say. The job itself is not harmed by it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the job is accepted, but the rest of the response can't be read ({reason}): ask for the job by its id"
)]
#[non_exhaustive]
pub struct IncompleteResponse {
    /// HTTP status, some 2xx.
    pub status: u16,
    /// What is wrong with the response.
    pub reason: String,
    /// The beginning of its body.
    pub body_excerpt: String,
}
