//! Submitting a job: sent at most once, unless it is certain that it was not accepted. Whatever accepts it, its id
//! reaches the caller.

use std::time::{Duration, SystemTime};

use tokio::time::sleep;

use crate::accepted::{Accepted, IncompleteResponse};
use crate::client::Client;
use crate::error::{Error, ErrorResponse, Operation, OutcomeUnknown, SubmitError};
use crate::reconcile::Submission;
use crate::salvage::find_batch_id;
use crate::{ContactEnrichRequest, trace};

/// The wait before the second attempt, where the server names none.
const FIRST_WAIT: Duration = Duration::from_secs(5);
/// The longest wait between attempts, whoever asks for it.
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);

impl Client {
    /// Submits a job.
    ///
    /// The request is sent once, or as often as
    /// [`ClientBuilder::submit_attempts`](crate::ClientBuilder::submit_attempts) allows where it is certain that
    /// it was not accepted. It is not repeated after any other failure, since there is no way to tell the API that
    /// two requests are the same, nor to take a job back. Any response with a success status and a readable
    /// `batch_id` is an acceptance, however odd it is otherwise.
    ///
    /// Not cancel-safe: after a future that was polled is dropped, the job may be accepted all the same. Who has to
    /// drop it, or may crash, keeps a [`Submission`] made beforehand and gives it to
    /// [`reconcile`](Self::reconcile).
    ///
    /// # Errors
    ///
    /// [`SubmitError::NotAccepted`] where it is certain that no job came of it, [`SubmitError::OutcomeUnknown`] where
    /// it isn't.
    pub async fn submit(&self, request: &ContactEnrichRequest) -> Result<Accepted, SubmitError> {
        let mut attempts_left = self.shared.submit_attempts.get() - 1;
        let mut wait = FIRST_WAIT;
        loop {
            let older = self.shared.seen_jobs.all();
            let sent_at = SystemTime::now();
            let attempt = trace::call(Operation::Submit, None, self.submit_once(request));
            let error = match attempt.await {
                Ok(accepted) => {
                    self.shared.accepted_jobs.add(accepted.batch_id);
                    return Ok(accepted);
                }
                Err(error) => error,
            };
            if error.is_outcome_unknown() {
                let submission = Submission {
                    sent_at,
                    is_outcome_unknown: true,
                    ..Submission::new(request)
                }
                .excluding(older)
                .excluding(self.shared.accepted_jobs.all());
                return Err(SubmitError::OutcomeUnknown(OutcomeUnknown::new(
                    error, submission,
                )));
            }
            if attempts_left == 0 || !may_be_accepted_later(&error) {
                return Err(SubmitError::NotAccepted(error));
            }
            attempts_left -= 1;
            let asked = error.response().and_then(ErrorResponse::retry_after);
            sleep(asked.unwrap_or(wait).min(LONGEST_WAIT)).await;
            wait = wait.saturating_mul(2);
        }
    }

    async fn submit_once(&self, request: &ContactEnrichRequest) -> Result<Accepted, Error> {
        let api = self.api(self.shared.submit_timeout);
        let error = match api.submit_contact_enrich(request).await {
            Ok(batch) => return Ok(batch.into_inner().into()),
            Err(error) => error,
        };
        let response = api.inner.into_response();
        let accepted = response.as_ref().and_then(|response| {
            let batch_id = find_batch_id(response.body()).filter(|_| response.is_success())?;
            Some((batch_id, response.excerpt(&self.shared.key)))
        });
        let error = self.error(Operation::Submit, error, response);
        match (accepted, error.status()) {
            (Some((batch_id, body_excerpt)), Some(status)) => Ok(Accepted {
                batch_id,
                details: Err(IncompleteResponse {
                    status,
                    reason: error.reason(),
                    body_excerpt,
                }),
            }),
            _ => Err(error),
        }
    }
}

/// Whether the same request may be accepted later, of those that certainly were not.
fn may_be_accepted_later(error: &Error) -> bool {
    error.is_not_sent() || error.is_rate_limited()
}
