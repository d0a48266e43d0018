//! Finding out what became of a submission whose outcome is unknown, from the list of recent jobs, from their results,
//! and from the account's usage. Without an idempotency key that is all there is.

mod judge;
mod order;
mod outcome;
#[cfg(feature = "results")]
mod proof;
mod record;
mod standing;

use std::collections::HashSet;
use std::future::IntoFuture;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use self::order::{are_all_recorded, job_in_place};
use self::outcome::Judgement;
pub use self::outcome::{Evidence, Reconciliation, SafeToResubmit, UsageEvidence};
use self::record::{Memory, Record};
use self::standing::Standing;
use crate::generated::contract::submit::accepted;
use crate::submission::{Fit, Submission, Window, created};
use crate::wait::Schedule;
use crate::{BatchJob, Client, Error, ListQuery, PageLimit};

/// A job that may be the submission's.
type Candidate = (BatchJob, Fit);

impl Client {
    /// Finds out what became of a submission whose outcome is unknown. Sends no submission, and costs nothing. `await` it
    /// for the outcome.
    ///
    /// It looks for the submission's job among those created since: same entity, action and number of identifiers. Where
    /// these don't settle it, it looks for the request among the events of the account's usage ([`usage`](Self::usage)), and
    /// knows it by its body. So it may find that the request arrived and was [accepted](Reconciliation::Found), arrived and
    /// was [refused](Reconciliation::Refused), or [never arrived](Reconciliation::NeverArrived): the last makes a
    /// [`SafeToResubmit`], which nothing else does. An event appears about 10 seconds after its response; a minute is
    /// allowed for, beside the time in which the request may have been on its way. A server without these events, or one
    /// that does not let the account see them, leaves what the jobs say.
    ///
    /// A job that the response named is asked for first, and is taken for the only candidate if it fits. What a job says
    /// in a way that nobody knows, or not at all (a zero is no count and no date), does not rule it out, and does not
    /// make it certain either.
    ///
    /// The list does not say whose job is whose, so a job that fits is [`Found`](Reconciliation::Found) only where it is
    /// proved to be the submission's: by the identifiers in its results once it is completed (feature `results`; reading
    /// them costs nothing), or because all others are known ([`all_others`](Reconcile::all_others)).
    ///
    /// Two submissions of the same identifiers at about the same time can't be told apart by results: name the jobs of
    /// the other one.
    ///
    /// With another API key than the submission was sent with, whose account may be another, nothing is taken never to have
    /// arrived ([`Evidence::is_of_other_key`]).
    ///
    /// Where the server's clock was not known when the submission was sent (before the first response), jobs of the day
    /// before are candidates too: this machine's clock may have been wrong then.
    ///
    /// Cancel-safe: the future may be dropped at any time.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use crustdata_batch::{Client, ContactEnrichRequest, Reconciliation, SubmitError};
    /// # async fn example(client: Client, request: ContactEnrichRequest) -> Result<(), Box<dyn std::error::Error>> {
    /// match client.submit(&request).await {
    ///     Ok(accepted) => println!("accepted as {}", accepted.batch_id),
    ///     Err(SubmitError::OutcomeUnknown(unknown)) => {
    ///         let a_while = Duration::from_secs(10 * 60);
    ///         match client.reconcile(unknown.submission()).for_up_to(a_while).await? {
    ///             Reconciliation::Found(job, _) => println!("accepted as {}", job.batch_id),
    ///             Reconciliation::Refused(event, _) => println!("refused: {:?}", event.response()),
    ///             Reconciliation::NeverArrived(_) => println!("submit again"),
    ///             other => println!("not certain yet, check by hand: {other:?}"),
    ///         }
    ///     }
    ///     Err(SubmitError::NotAccepted(error)) => return Err(error.into()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of reading jobs. A list that can't be read to its end is one too ([`Client::jobs`]): who has not seen all
    /// jobs can't say that there is none. Results that can't be read are none: they prove nothing. Safe to call again
    /// after any error.
    pub fn reconcile(&self, submission: &Submission) -> Reconcile {
        Reconcile {
            client: self.clone(),
            submission: submission.clone(),
            unresolved: Vec::new(),
            is_whole: false,
            limit: Duration::ZERO,
        }
    }
}

/// A search for the job of a submission; made by [`Client::reconcile`]. `await` it.
#[derive(Debug)]
#[must_use = "nothing is searched until it is awaited"]
pub struct Reconcile {
    client: Client,
    submission: Submission,
    /// Others whose outcome is unknown too.
    unresolved: Vec<Submission>,
    /// Whether there are no others beside these, and those whose jobs are known.
    is_whole: bool,
    limit: Duration,
}

impl Reconcile {
    /// Names everything else that was submitted for the account since the submission was made: the jobs that were handed
    /// out, and the submissions that are still stored because their outcome is unknown too. This one may be among them.
    ///
    /// The jobs are ruled out, and what fits another of the submissions as well is
    /// [`Ambiguous`](Reconciliation::Ambiguous) for both, unless its results tell. The only job that then still fits is
    /// taken to be the submission's, so what is left out here may be found for it: don't call this where other
    /// processes submit for the same account and you don't know their jobs.
    pub fn all_others<'a>(
        mut self,
        jobs: impl IntoIterator<Item = Uuid>,
        unresolved: impl IntoIterator<Item = &'a Submission>,
    ) -> Self {
        self.is_whole = true;
        self.submission.others.extend(jobs);
        self.beside(unresolved)
    }

    /// Names submissions whose outcome is unknown too, of which there may be more. This one may be among them. A job whose
    /// results have the identifiers of two of them is [`Ambiguous`](Reconciliation::Ambiguous), unless the account's usage
    /// tells.
    pub fn beside<'a>(mut self, unresolved: impl IntoIterator<Item = &'a Submission>) -> Self {
        let others = unresolved.into_iter();
        let others = others.filter(|other| **other != self.submission).cloned();
        self.unresolved.extend(others);
        self
    }

    /// Looks again for so long, at growing intervals, until the outcome is certain: a job may be listed late, and its
    /// results tell whose it is only once it is completed, in two or three minutes mostly. Failures of the moment are
    /// survived. One search, if not set.
    pub fn for_up_to(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    async fn run(self) -> Result<Reconciliation, Error> {
        // None for a time beyond all times.
        let end = Instant::now().checked_add(self.limit);
        let mut memory = Memory::new();
        let mut schedule = Schedule::default();
        schedule.next_interval();
        loop {
            let outcome = self.search(&mut memory).await;
            let is_over = match &outcome {
                Ok(Reconciliation::Unproved(_) | Reconciliation::Ambiguous(..)) => false,
                // Events that are late, or could not be read this time, are worth the wait.
                Ok(Reconciliation::NotFound(evidence)) => match &evidence.usage {
                    Some(usage) => usage.is_complete,
                    None => !memory.is_missed,
                },
                Ok(_) => true,
                Err(error) => !error.is_transient(),
            };
            let interval = schedule.next_interval().unwrap_or_default();
            if is_over || end.is_some_and(|end| Instant::now() + interval > end) {
                return outcome;
            }
            sleep(interval).await;
        }
    }

    async fn search(&self, memory: &mut Memory) -> Result<Reconciliation, Error> {
        let shared = &self.client.shared;
        let mut submission = self.submission.clone();
        if submission.is_outcome_unknown {
            submission.others.extend(shared.accepted_jobs.all());
        }
        let mut evidence = Evidence {
            server_time: None,
            jobs_read: 0,
            read_back_to: None,
            usage: None,
            is_of_other_key: submission.is_of_other_key(&shared.key),
        };
        if let Some(batch_id) = submission.batch_id {
            match self.client.job(batch_id).await {
                Ok(job) => {
                    let window = submission.window(&shared.clock);
                    let fit = submission.fit(&job, &window);
                    // What a response names says less of itself than what the list shows.
                    let candidates = Vec::from_iter((fit != Fit::No).then_some((job, Fit::Yes)));
                    evidence.server_time = window.server_time;
                    match self.judge(&submission, candidates).await {
                        Judgement::None => {}
                        judgement => return Ok(judgement.into_outcome(evidence, false)),
                    }
                }
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(error),
            }
        }
        let mut candidates: Vec<Candidate> = Vec::new();
        // All that the submission's request may have made, others' jobs among them.
        let mut made = Vec::new();
        let mut read = HashSet::new();
        let mut jobs = self.client.jobs(ListQuery::new().limit(PageLimit::MAX));
        let mut next = jobs.next().await;
        let mut window = submission.window(&shared.clock);
        // Another account's list is without it in any case, and so is its usage.
        window.is_listed &= !evidence.is_of_other_key;
        while let Some(job) = next {
            let job = job?;
            // A job that comes in between moves others to the next page.
            let is_repeated = !read.insert(job.batch_id);
            evidence.read_back_to = [evidence.read_back_to, created(&job)]
                .into_iter()
                .flatten()
                .min();
            // The most recent come first, so all that follow are older still.
            if window.is_after(&job) {
                break;
            }
            let fit = submission.fit(&job, &window);
            if !is_repeated && job.action == accepted::ACTION {
                made.push(job.clone());
            }
            if fit != Fit::No && !is_repeated {
                candidates.push((job, fit));
            }
            next = jobs.next().await;
        }
        evidence.server_time = window.server_time;
        evidence.jobs_read = read.len() as u64;
        let judgement = self.judge(&submission, candidates).await;
        if matches!(judgement, Judgement::Certain(_)) {
            return Ok(judgement.into_outcome(evidence, window.is_listed));
        }
        // Whatever is wrong with the account's usage, the list says what it says without it.
        let record = memory.read(&self.client, &submission, &window).await;
        Ok(match record {
            Ok(record) => {
                memory.is_missed = false;
                evidence.usage = Some(record.evidence.clone());
                conclude(&submission, record, judgement, &made, evidence, &window)
            }
            Err(error) => {
                memory.is_missed = error.is_transient();
                judgement.into_outcome(evidence, window.is_listed)
            }
        })
    }
}

/// What the account's usage and the list show together.
fn conclude(
    submission: &Submission,
    mut record: Record,
    judgement: Judgement,
    made: &[BatchJob],
    evidence: Evidence,
    window: &Window,
) -> Reconciliation {
    let is_accepted = (record.own.iter()).any(|own| own.standing == Standing::Accepted);
    // A job without its request shows that requests are missing, maybe the submission's.
    let is_complete = record.evidence.is_complete
        && (matches!(judgement, Judgement::None) || are_all_recorded(submission, &record, made));
    if record.are_all(Standing::Accepted) {
        // Until then the list and the events may lag behind each other.
        let is_recent = |job: &BatchJob| created(job).is_some_and(|at| at >= record.start);
        let proved = judgement.only_proved().filter(|job| is_recent(job));
        let proved = proved.filter(|_| record.own.len() == 1).cloned();
        let job = proved
            .or_else(|| job_in_place(submission, &record, made, window.server_time))
            .filter(|_| record.is_old);
        if let Some(job) = job {
            return Reconciliation::Found(Box::new(job), evidence);
        }
    } else if record.are_all(Standing::Refused) && (is_complete || record.is_named) {
        if let Some(own) = record.own.pop() {
            return Reconciliation::Refused(Box::new(own.into_event()), evidence);
        }
    } else if record.shows_nothing() && is_complete {
        return Reconciliation::NeverArrived(SafeToResubmit::new(evidence));
    }
    // The list's word goes where the events have none, once they had their time.
    let is_listed = window.is_listed && record.is_old && !is_accepted;
    judgement.into_outcome(evidence, is_listed)
}

impl IntoFuture for Reconcile {
    type Output = Result<Reconciliation, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        self.run().boxed()
    }
}
