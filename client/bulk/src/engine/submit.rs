//! Filling the places that are free: an intent is kept before its request leaves, and what became of it before the next.

use crustdata_batch::{
    Accepted, ContactEnrichRequest, Error as ApiError, ErrorResponse, Submission, SubmitError, Uuid,
};

use super::Engine;
use super::limits::{Limits, PLACES};
use super::send::{Sent, TimeToLeave};
use crate::error::Error;
use crate::event::{Event, Step};
use crate::journal::{Intent, Settlement, Standing};

/// Refusals in a row of what was submitted. Looking for one bad identifier among the most that a request may have takes
/// fewer.
const REFUSALS: u32 = 12;
/// Unknown outcomes in a row, after which nothing is submitted until one of them is known: the server is in trouble.
const UNKNOWNS: u32 = 3;
/// Unknown outcomes in a row, after which nothing is submitted in this run, though it is known of each that it never arrived.
const LOST: u32 = 12;
/// What the call is for, as errors say it.
const SUBMITTING: &str = "submitting";

/// What a submission says about the next one.
enum Next {
    /// It may be sent.
    Go,
    /// Not now.
    Wait,
}

impl Engine<'_> {
    /// Submits people as long as there are places, people and credits.
    pub(super) async fn submit(&mut self) -> Result<(), Error> {
        while !self.is_stopped() && self.progress.blocked.is_none() {
            if !self.journal.has_waiting(self.list.id)? {
                break;
            }
            if self.journal.standing(self.list.id)?.active >= PLACES {
                break;
            }
            let unknowns = self.progress.unknowns;
            if unknowns >= LOST || unknowns >= UNKNOWNS && !self.journal.unresolved()?.is_empty() {
                self.progress.blocked = self.given_up()?;
                break;
            }
            let Some(limits) = self.limits().await? else {
                break;
            };
            let mut next = self.submit_next(limits).await?;
            // The next room is this submission's: where there is little, the other requests would take it each time.
            if self.progress.rest.is_some() {
                self.rest().await?;
                if self.is_stopped() {
                    break;
                }
                next = self.submit_next(limits).await?;
            }
            match next {
                Next::Go => {}
                Next::Wait => break,
            }
        }
        Ok(())
    }

    /// The error of a server that accepts nothing for certain, once it is clear that this stays so.
    fn given_up(&mut self) -> Result<Option<Error>, Error> {
        Ok((!self.is_looking()?).then_some(Error::Unknowns {
            count: self.progress.unknowns,
        }))
    }

    async fn submit_next(&mut self, limits: Limits) -> Result<Next, Error> {
        let (client, mut request) = (self.client, None);
        let webhook_url = &self.settings.webhook_url;
        let webhook_url = webhook_url
            .as_ref()
            .filter(|_| !self.progress.is_without_webhook);
        let known = self.journal.known_jobs()?;
        // Before the journal has its say, so that this run takes it to be over sooner than others do.
        let time = TimeToLeave::begin();
        let mut most = |standing: &Standing| limits.people(standing);
        let intent = self
            .journal
            .intend(self.list, &mut most, &mut |ask, identifiers| {
                let mut made = ask.request(identifiers)?;
                made.webhook_url = webhook_url.cloned();
                let submission = client.submission(&made).leaves_within(TimeToLeave::LIMIT);
                request = Some((made, submission.clone()));
                Ok(submission)
            })?;
        let (Some(intent), Some((request, submission))) = (intent, request) else {
            return Ok(Next::Wait);
        };
        self.tell(&intended(&intent, limits.price));
        self.step(Step::Intended);
        let sent = self.send(&request, time).await;
        self.step(Step::Responded);
        let id = intent.submission;
        let (settlement, next) = match sent {
            Sent::Never => {
                let reason = "this run was paused before it was sent".to_owned();
                (Settlement::NotAccepted { reason }, Next::Wait)
            }
            Sent::Perhaps => {
                let settlement = Settlement::Unknown {
                    submission: Box::new(submission),
                    evidence: "this run was paused while it was sent".to_owned(),
                };
                (settlement, Next::Wait)
            }
            Sent::Ended(outcome) => self.answered(*outcome, &request, submission, &known),
        };
        self.settle(id, settlement)?;
        Ok(next)
    }

    /// What a response, or its absence, means for a submission and the next one.
    fn answered(
        &mut self,
        outcome: Result<Accepted, SubmitError>,
        request: &ContactEnrichRequest,
        submission: Submission,
        known: &[Uuid],
    ) -> (Settlement, Next) {
        match outcome {
            // Whose results these would be, nobody could tell.
            Ok(accepted) if known.contains(&accepted.batch_id) => {
                self.progress.unknowns += 1;
                let id = accepted.batch_id;
                let settlement = Settlement::Unknown {
                    submission: Box::new(submission),
                    evidence: format!("the response names job {id}, which is another submission's"),
                };
                (settlement, Next::Wait)
            }
            Ok(accepted) => {
                self.reached(SUBMITTING);
                (self.progress.refusals, self.progress.unknowns) = (0, 0);
                let settlement = Settlement::Accepted {
                    batch_id: accepted.batch_id,
                    request_id: accepted.request_id().map(str::to_owned),
                    credits: accepted.credits_used(),
                    evidence: None,
                };
                (settlement, Next::Go)
            }
            Err(SubmitError::OutcomeUnknown(unknown)) => {
                self.progress.unknowns += 1;
                let settlement = Settlement::Unknown {
                    submission: Box::new(unknown.submission().clone()),
                    evidence: SubmitError::OutcomeUnknown(unknown).to_string(),
                };
                (settlement, Next::Wait)
            }
            Err(SubmitError::NotAccepted(error)) => self.refused(error, request),
        }
    }

    /// What a refusal means for its people, and for the next submission.
    fn refused(&mut self, error: ApiError, request: &ContactEnrichRequest) -> (Settlement, Next) {
        let reason = error.to_string();
        if is_about_content(&error) {
            let is_alone = request.professional_network_profile_urls.as_slice().len() == 1;
            let has_webhook = request.webhook_url.is_some();
            if is_alone {
                // Until it is known which of the two is refused.
                self.progress.is_without_webhook = has_webhook;
            }
            if is_alone && has_webhook {
                let problem =
                    format!("without the webhook URL, which may be why, once more: {reason}");
                self.tell(&Event::Problem(problem));
                return (Settlement::NotAccepted { reason }, Next::Go);
            }
            self.progress.refusals += 1;
            if self.progress.refusals >= REFUSALS {
                self.progress.blocked = Some(api(error));
            }
            return (Settlement::Refused { reason }, Next::Go);
        }
        match error.is_rate_limited() {
            true => self.asked_to_rest(&error),
            false => self.progress.blocked = self.failed(SUBMITTING, error).err(),
        }
        (Settlement::NotAccepted { reason }, Next::Wait)
    }

    /// Keeps what became of a submission, and tells it.
    pub(super) fn settle(&mut self, id: i64, settlement: Settlement) -> Result<(), Error> {
        let kept = self.journal.settle(id, &settlement);
        if let (Err(_), Settlement::Accepted { batch_id, .. }) = (&kept, &settlement) {
            let problem = format!(
                "submission {id} is job {batch_id}, which can't be kept: the next run looks for it; where that finds nothing, `decide {id} {batch_id}`"
            );
            self.tell(&Event::Problem(problem));
        }
        kept?;
        self.step(Step::Settled);
        let event = match settlement {
            Settlement::Accepted {
                batch_id, credits, ..
            } => Event::Accepted {
                submission: id,
                batch_id,
                credits,
            },
            Settlement::NotAccepted { reason } | Settlement::Refused { reason } => {
                Event::NotAccepted {
                    submission: id,
                    reason,
                }
            }
            Settlement::Unknown { evidence, .. } => Event::OutcomeUnknown {
                submission: id,
                evidence,
            },
        };
        self.tell(&event);
        Ok(())
    }
}

/// Statuses that speak of the endpoint and the way there, not of what a request asks.
const ELSEWHERE: [u16; 9] = [405, 406, 407, 410, 411, 415, 421, 426, 431];

/// Whether a request was refused for what is in it, and not for who sends it, when, or where to.
fn is_about_content(error: &ApiError) -> bool {
    let status = error.response().map(ErrorResponse::status);
    let may_be = status.is_some_and(|status| !ELSEWHERE.contains(&status));
    let is_about_account = error.is_unauthorized()
        || error.is_insufficient_credits()
        || error.is_forbidden()
        || error.is_not_found()
        || error.is_rate_limited();
    may_be && !is_about_account
}

fn api(source: ApiError) -> Error {
    Error::Api {
        during: SUBMITTING,
        source,
    }
}

fn intended(intent: &Intent, price: f64) -> Event {
    let people = intent.identifiers.len() as u64;
    Event::Intended {
        submission: intent.submission,
        people,
        worst_case: people as f64 * price,
    }
}
