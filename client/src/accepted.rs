//! The response to a submission, read so that the id of an accepted job is never lost.

use uuid::Uuid;

use crate::AcceptedBatch;

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
}

impl From<AcceptedBatch> for Accepted {
    fn from(batch: AcceptedBatch) -> Self {
        Self {
            batch_id: batch.batch_id,
            details: Ok(batch),
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

/// Reads a job's id from a body of which nothing else is certain: JSON with odd values, cut off, or wrapped in
/// something else. Takes the value of `batch_id`; failing that, the id at the end of `status_url`.
pub(crate) fn find_batch_id(body: &[u8]) -> Option<Uuid> {
    let body = String::from_utf8_lossy(body);
    let batch_id = strings_under(&body, "\"batch_id\"").find_map(|text| text.parse().ok());
    batch_id.or_else(|| {
        strings_under(&body, "\"status_url\"")
            .find_map(|text| text.rsplit('/').next()?.parse().ok())
    })
}

/// The strings that follow `key` as its value, wherever in the text.
fn strings_under<'a>(text: &'a str, key: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(key).skip(1).filter_map(|rest| {
        let value = rest
            .trim_start()
            .strip_prefix(':')?
            .trim_start()
            .strip_prefix('"')?;
        value.split('"').next()
    })
}
