//! Filling the places that are free: an intent is kept before its request leaves, and what became of it before the next.

use crustdata_batch::{Error as ApiError, SubmitError};

use super::Engine;
use crate::error::Error;
use crate::event::{Event, Step};
use crate::journal::{Intent, Settlement};

/// Jobs of an account that may be active.
const PLACES: usize = crustdata_batch::Client::MAX_ACTIVE_JOBS;
/// Refusals in a row of what was submitted. Looking for one bad identifier among the most that a request may have takes
/// fewer.
const REFUSALS: u32 = 12;
/// Unknown outcomes in a row, after which nothing is submitted until one of them is known: the server is in trouble.
const UNKNOWNS: u32 = 3;

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
            let active = self.journal.open_jobs()?;
            let active = active.iter().filter(|job| !job.has_ended).count();
            if active + self.progress.others_active >= PLACES {
                break;
            }
            if self.progress.unknowns >= UNKNOWNS && !self.journal.unresolved()?.is_empty() {
                self.progress.blocked = self.given_up()?;
                break;
            }
            let Some(most) = self.affordable().await? else {
                break;
            };
            match self.submit_next(most).await? {
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

    /// How many people may be submitted, by the ceiling and by the balance; none, if that has to wait.
    async fn affordable(&mut self) -> Result<Option<usize>, Error> {
        let price = self.list.ask.worst_case();
        let mut most = self.settings.people_per_job;
        if let Some(ceiling) = self.settings.max_credits {
            let spent = self.journal.committed(self.list.id)?;
            most = most.min(people(ceiling - spent, price));
            if most == 0 {
                let is_anybody_left = self.journal.plan(self.list)?.waiting > 0;
                self.progress.is_drained = !is_anybody_left;
                self.progress.blocked =
                    is_anybody_left.then_some(Error::Ceiling { spent, ceiling });
                return Ok(None);
            }
        }
        let balance = match self.client.credits().await {
            Ok(credits) => credits.credits(),
            Err(error) if error.is_not_found() || error.is_forbidden() => None,
            Err(error) => {
                self.failed("reading the balance", error)?;
                return Ok(None);
            }
        };
        let Some(balance) = balance else {
            return Ok(Some(most));
        };
        // What is under way may not be charged yet.
        let jobs = self.journal.open_jobs()?;
        let jobs = jobs.iter().filter(|job| !job.has_ended);
        let unresolved = self.journal.unresolved()?;
        let reserved = jobs.map(|job| job.worst_case).sum::<f64>()
            + unresolved
                .iter()
                .map(|other| other.people as f64 * price)
                .sum::<f64>();
        most = most.min(people(balance - reserved, price));
        if most == 0 && self.journal.plan(self.list)?.waiting == 0 {
            self.progress.is_drained = true;
            return Ok(None);
        }
        if most == 0 && reserved == 0.0 {
            self.progress.blocked = Some(Error::Credits {
                balance,
                needed: price,
            });
        } else if most == 0 && self.is_only_unresolved()? {
            self.progress.blocked = Some(Error::Credits {
                balance,
                needed: reserved + price,
            });
        }
        Ok((most > 0).then_some(most))
    }

    /// Whether all that is under way are submissions that nobody looks for any more.
    fn is_only_unresolved(&mut self) -> Result<bool, Error> {
        Ok(!self.is_looking()? && self.journal.open_jobs()?.is_empty())
    }

    async fn submit_next(&mut self, most: usize) -> Result<Next, Error> {
        let ask = &self.list.ask;
        let (client, mut request) = (self.client, None);
        let webhook_url = &self.settings.webhook_url;
        let intent = self.journal.intend(self.list, most, &mut |identifiers| {
            let mut made = ask.request(identifiers)?;
            made.webhook_url.clone_from(webhook_url);
            let submission = client.submission(&made);
            request = Some((made, submission.clone()));
            Ok(submission)
        })?;
        let (Some(intent), Some((request, submission))) = (intent, request) else {
            self.progress.is_drained = true;
            return Ok(Next::Wait);
        };
        self.progress.is_drained = false;
        self.tell(&intended(&intent, ask.worst_case()));
        self.step(Step::Intended);
        let outcome = self.client.submit(&request).await;
        self.step(Step::Responded);
        let id = intent.submission;
        let (settlement, next) = match outcome {
            // Whose results these would be, nobody could tell.
            Ok(accepted) if self.journal.known_jobs()?.contains(&accepted.batch_id) => {
                self.progress.unknowns += 1;
                let id = accepted.batch_id;
                let settlement = Settlement::Unknown {
                    submission: Box::new(submission),
                    evidence: format!("the response names job {id}, which is another submission's"),
                };
                (settlement, Ok(Next::Wait))
            }
            Ok(accepted) => {
                self.reached();
                (self.progress.refusals, self.progress.unknowns) = (0, 0);
                let settlement = Settlement::Accepted {
                    batch_id: accepted.batch_id,
                    request_id: accepted.request_id().map(str::to_owned),
                    credits: accepted.credits_used(),
                    evidence: None,
                };
                (settlement, Ok(Next::Go))
            }
            Err(SubmitError::OutcomeUnknown(unknown)) => {
                self.progress.unknowns += 1;
                let settlement = Settlement::Unknown {
                    submission: Box::new(unknown.submission().clone()),
                    evidence: SubmitError::OutcomeUnknown(unknown).to_string(),
                };
                (settlement, Ok(Next::Wait))
            }
            Err(SubmitError::NotAccepted(error)) => self.refused(error),
        };
        self.settle(id, settlement)?;
        next
    }

    /// What a refusal means for its people, and for the next submission.
    fn refused(&mut self, error: ApiError) -> (Settlement, Result<Next, Error>) {
        let reason = error.to_string();
        if is_about_content(&error) {
            self.progress.refusals += 1;
            let next = match self.progress.refusals < REFUSALS {
                true => Ok(Next::Go),
                false => Err(api(error)),
            };
            return (Settlement::Refused { reason }, next);
        }
        let next = match error.is_rate_limited() {
            true => {
                self.asked_to_rest(&error);
                Ok(Next::Wait)
            }
            false => self.failed("submitting", error).map(|()| Next::Wait),
        };
        (Settlement::NotAccepted { reason }, next)
    }

    /// Keeps what became of a submission, and tells it.
    pub(super) fn settle(&mut self, id: i64, settlement: Settlement) -> Result<(), Error> {
        self.journal.settle(id, &settlement)?;
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

/// Whether a request was refused for what is in it, and not for who sends it or when.
fn is_about_content(error: &ApiError) -> bool {
    let is_about_account = error.is_unauthorized()
        || error.is_insufficient_credits()
        || error.is_forbidden()
        || error.is_not_found()
        || error.is_rate_limited();
    error.response().is_some() && !is_about_account
}

fn api(source: ApiError) -> Error {
    Error::Api {
        during: "submitting",
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

/// How many people so many credits are enough for.
fn people(credits: f64, price: f64) -> usize {
    // A negative number of people is none.
    (credits / price).floor().max(0.0) as usize
}
