//! Submitting a job: sent at most once, unless it is certain that it was not accepted. Whatever accepts it, its id
//! reaches the caller.

use std::time::Duration;

use tokio::time::sleep;
use uuid::Uuid;

use crate::accepted::{Accepted, IncompleteResponse};
use crate::call::{Call, Success, Unexpected};
use crate::client::Client;
use crate::error::{Error, ErrorResponse, Operation, OutcomeUnknown, SubmitError};
use crate::events::Event;
use crate::response::RawResponse;
use crate::shared::Pace;
use crate::submission::Submission;
use crate::transport::Exchange;
use crate::{AcceptedBatch, ContactEnrichRequest, trace};

/// The backoff grows no longer than this.
const LONGEST_BACKOFF: Duration = Duration::from_secs(15 * 60);

impl Client {
    /// Describes a request that is about to be submitted, as [`Submission::new`] does, and with what the server's clock shows,
    /// once a response has told it. After a crash that leaves less in doubt: this machine's clock may be wrong.
    pub fn submission(&self, request: &ContactEnrichRequest) -> Submission {
        Submission::at(request, &self.shared.clock, &self.shared.key)
    }

    /// Submits a job.
    ///
    /// The request is sent once, or as often as
    /// [`ClientBuilder::submit_attempts`](crate::ClientBuilder::submit_attempts) allows where it is certain that
    /// it was not accepted. It is not repeated after any other failure, since there is no way to tell the API that
    /// two requests are the same, nor to take a job back. Any response with a success status and a readable
    /// `batch_id` is an acceptance, however odd it is otherwise.
    ///
    /// Not cancel-safe: after a future that was polled is dropped, the job may be accepted all the same. Who has to
    /// drop it, or may crash, stores a [`Submission`] made beforehand, which says how, and gives it to
    /// [`reconcile`](Self::reconcile).
    ///
    /// # Errors
    ///
    /// [`SubmitError::NotAccepted`] where it is certain that no job came of it, [`SubmitError::OutcomeUnknown`] where
    /// it isn't.
    pub async fn submit(&self, request: &ContactEnrichRequest) -> Result<Accepted, SubmitError> {
        let mut attempts_left = self.shared.submit_attempts.get() - 1;
        let mut wait = self.shared.submit_backoff;
        loop {
            let _room = self
                .room_for_a_job()
                .await
                .map_err(SubmitError::NotAccepted)?;
            let older = self.shared.seen_jobs.all();
            let attempt = trace::call(Operation::Submit, None, || self.submit_once(request));
            let error = match attempt.await {
                Ok(accepted) => {
                    self.shared.accepted_jobs.add(accepted.batch_id);
                    self.settle(accepted.request_id());
                    return Ok(accepted);
                }
                Err(error) => error,
            };
            if error.is_outcome_unknown() {
                return Err(self.unknown(request, error, older));
            }
            self.settle(error.request_id());
            if attempts_left == 0 || !may_be_accepted_later(&error) {
                return Err(SubmitError::NotAccepted(error));
            }
            attempts_left -= 1;
            let asked = error.response().and_then(ErrorResponse::retry_after);
            // Where there are too many active jobs, the rate may have room at once, and the next attempt not.
            let asked = self.shared.pacer.believed(asked.unwrap_or_default());
            let next = wait.max(asked);
            self.shared.events.tell(&Event::SubmissionRetried {
                status: error.status(),
                wait: next,
            });
            sleep(next).await;
            wait = wait.saturating_mul(2).min(LONGEST_BACKOFF.max(wait));
        }
    }

    /// What became of this request is known, so no submission whose outcome is unknown is it.
    fn settle(&self, request_id: Option<&str>) {
        if let Some(id) = request_id {
            self.shared.settled_requests.add(id.to_owned());
        }
    }

    async fn submit_once(&self, request: &ContactEnrichRequest) -> Result<Accepted, Error> {
        let call = self.shared.api.submit_contact_enrich(request);
        let Call { request, success } =
            call.map_err(|error| Error::not_built(Operation::Submit, error))?;
        let Exchange { sent, response } = self
            .exchange(request, Pace::Batch, self.shared.submit_timeout)
            .await;
        let accepted = match response {
            Ok(response) => self.accepted(&success, response),
            Err(error) => Err(self.no_response(Operation::Submit, error)),
        };
        let accepted = accepted.map_err(|error| error.sent_at(sent))?;
        trace::accepted(accepted.batch_id);
        Ok(accepted)
    }

    /// The job that a response says was made.
    pub(crate) fn accepted(
        &self,
        success: &Success<AcceptedBatch>,
        response: RawResponse,
    ) -> Result<Accepted, Error> {
        match success.decode(&response) {
            Ok(batch) => {
                let mut accepted = Accepted::from(batch);
                accepted.facts = response.into_facts();
                Ok(accepted)
            }
            Err(unexpected) => self.accepted_all_the_same(unexpected, response),
        }
    }

    /// A submission whose outcome this error leaves open. `others` are jobs that are certainly not its own.
    pub(crate) fn unknown(
        &self,
        request: &ContactEnrichRequest,
        error: Error,
        others: impl IntoIterator<Item = Uuid>,
    ) -> SubmitError {
        let (sent, key) = (error.sent(), &self.shared.key);
        let mut submission = Submission::unknown(request, sent, error.request_id(), key);
        submission.others.extend(others);
        submission.others.extend(self.shared.accepted_jobs.all());
        SubmitError::OutcomeUnknown(OutcomeUnknown::new(error, submission))
    }

    /// What can be read of a response that is not as it should be.
    fn accepted_all_the_same(
        &self,
        unexpected: Unexpected,
        response: RawResponse,
    ) -> Result<Accepted, Error> {
        let is_success = response.is_success();
        let error = Error::of_response(Operation::Submit, unexpected, response);
        match (error.batch_id(), error.status(), error.body_excerpt()) {
            (Some(batch_id), Some(status), Some(body)) if is_success => Ok(Accepted {
                batch_id,
                details: Err(IncompleteResponse {
                    status,
                    reason: error.reason(),
                    body_excerpt: body.to_owned(),
                }),
                facts: error.facts().clone(),
            }),
            // As a refusal names the jobs that there are too many of.
            (Some(batch_id), ..) if self.shared.accepted_jobs.contains(&batch_id) => {
                Err(error.about_no_job())
            }
            _ => Err(error),
        }
    }
}

/// Whether the same request may be accepted later, of those that certainly were not.
fn may_be_accepted_later(error: &Error) -> bool {
    error.is_not_sent() || error.is_rate_limited()
}
