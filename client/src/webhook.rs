//! The webhook delivery, read as what it is: a hint from somebody unknown. The truth is in the job's status.

use uuid::Uuid;

use crate::lenient::find_batch_id;
use crate::{BatchJob, Client, Error};

/// A job that a webhook delivery names.
///
/// Payload, headers and signature of the call are not documented, and anybody can send one. So nothing is taken from
/// it but a job's id, and [`confirm`](Self::confirm) asks the API for the rest. `examples/webhook.rs` is a receiver
/// with axum.
///
/// ```
/// use crustdata_batch::WebhookHint;
///
/// let body = br#"{"event": "batch.completed", "job": {"batch_id": "7e96a0d7-0ea6-463c-8937-dfa59365c2e9"}}"#;
/// assert!(WebhookHint::parse(body).is_some());
/// assert!(WebhookHint::parse(b"hello").is_none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WebhookHint {
    batch_id: Uuid,
}

impl WebhookHint {
    /// Reads the body of a call. The id may stand anywhere in it, as `batch_id`, as the end of `status_url`, or as
    /// the only UUID there is.
    pub fn parse(body: &[u8]) -> Option<Self> {
        let batch_id = find_batch_id(body).or_else(|| only_uuid(body))?;
        Some(Self { batch_id })
    }

    /// The job that is said to have finished.
    pub fn batch_id(&self) -> Uuid {
        self.batch_id
    }

    /// Asks the API how the job stands.
    ///
    /// Anybody can send a call, and each confirmation is a request that the rate limit counts: compare
    /// [`batch_id`](Self::batch_id) with the jobs that you wait for first.
    ///
    /// Cancel-safe: the future may be dropped at any time.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] for a job that is not this account's. For any other error, ask the sender to call
    /// again (respond with 503).
    pub async fn confirm(&self, client: &Client) -> Result<BatchJob, Error> {
        client.job(self.batch_id).await
    }
}

/// The only UUID in a text, however often it stands there.
fn only_uuid(body: &[u8]) -> Option<Uuid> {
    let text = String::from_utf8_lossy(body);
    let words = text.split(|c: char| !(c.is_ascii_hexdigit() || c == '-'));
    let mut found = words
        .filter(|word| word.len() == uuid::fmt::Hyphenated::LENGTH)
        .filter_map(|word| word.parse().ok());
    let first = found.next()?;
    found.all(|other: Uuid| other == first).then_some(first)
}
