//! Finding out what became of a submission whose outcome is unknown, by a look at the list of recent jobs. Without
//! an idempotency key that is all there is.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::generated::contract::{ACCEPTED_ACTION, ACCEPTED_ENTITY};
use crate::request::normal;
use crate::{
    Action, BatchJob, Client, ContactEnrichRequest, Entity, Error, ListQuery, PageLimit, Timestamp,
};

/// How far the server's clock may lag behind what is known of it.
const CLOCK_SKEW: Duration = Duration::from_secs(60);
/// The year 2000. No job is as old: a date before it is some language's zero, and stands for none.
const FIRST_DATE: Duration = Duration::from_secs(946_684_800);

/// What is known of a submission: enough to recognise its job, and safe to store.
///
/// The error of a submission whose outcome is unknown has one
/// ([`OutcomeUnknown::submission`](crate::OutcomeUnknown::submission)). To be safe against a crash in the middle of a
/// submission, make and store one before it. One that was stored can be read by later versions of this crate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Submission {
    /// When the request was sent, or will be, by this machine's clock.
    pub sent_at: SystemTime,
    /// Identifiers in the request.
    pub identifiers: u64,
    /// Different ones among them, spellings of the same profile not counted twice: the API may count a repeated
    /// identifier once.
    pub distinct_identifiers: u64,
    /// A job's id that the response named, although it was no acceptance.
    #[serde(default)]
    pub batch_id: Option<Uuid>,
    /// Jobs that are known to be others.
    #[serde(default)]
    pub others: HashSet<Uuid>,
    /// Whether `submit` ended without an id for it, so that every id that `submit` gave is another's.
    #[serde(default)]
    pub(crate) is_outcome_unknown: bool,
}

impl Submission {
    /// Describes a request that is about to be sent.
    pub fn new(request: &ContactEnrichRequest) -> Self {
        let urls = request.professional_network_profile_urls.as_slice();
        Self {
            sent_at: SystemTime::now(),
            identifiers: urls.len() as u64,
            distinct_identifiers: urls
                .iter()
                .map(|url| normal(url))
                .collect::<HashSet<_>>()
                .len() as u64,
            batch_id: None,
            others: HashSet::new(),
            is_outcome_unknown: false,
        }
    }

    /// Rules out jobs that are known to come from other submissions. Without it, a second job of the same size at
    /// the same time makes the result ambiguous, or is taken for this one where this one was not accepted.
    ///
    /// Those whose ids [`Client::submit`] gave, from this client or a clone of it, need not be named: the submission of
    /// an unknown outcome has the last 1000 already. Jobs of other processes and other clients do.
    #[must_use]
    pub fn excluding(mut self, jobs: impl IntoIterator<Item = Uuid>) -> Self {
        self.others.extend(jobs);
        self
    }

    fn earliest(&self) -> SystemTime {
        self.sent_at
            .checked_sub(CLOCK_SKEW)
            .unwrap_or(SystemTime::UNIX_EPOCH)
    }

    fn is_newer_than(&self, job: &BatchJob) -> bool {
        created(job).is_some_and(|at| at < self.earliest())
    }

    /// Whether the job is this submission's, as far as the job tells. What it leaves out, and what nobody has heard of,
    /// rules nothing out.
    fn fit(&self, job: &BatchJob) -> Fit {
        let known = |count: Option<u64>| count.filter(|count| *count > 0);
        let fits =
            |count| Fit::from((self.distinct_identifiers..=self.identifiers).contains(&count));
        let criteria = [
            Fit::from(!self.others.contains(&job.batch_id)),
            match Entity::from(job.entity.as_str()) {
                Entity::Other(_) => Fit::Unclear,
                entity => Fit::from(entity.as_str() == ACCEPTED_ENTITY),
            },
            match Action::from(job.action.as_str()) {
                Action::Other(_) => Fit::Unclear,
                action => Fit::from(action.as_str() == ACCEPTED_ACTION),
            },
            created(job).map_or(Fit::Unclear, |at| Fit::from(at >= self.earliest())),
            known(job.identifier_count).map_or(Fit::Unclear, fits),
            // It equals the other count, so nothing is lost where it is left out.
            known(job.entities_requested).map_or(Fit::Yes, fits),
        ];
        criteria.into_iter().fold(Fit::Yes, Ord::min)
    }
}

/// When the job was created, if it says so.
fn created(job: &BatchJob) -> Option<SystemTime> {
    let at = job
        .created_at
        .as_ref()
        .and_then(Timestamp::to_system_time)?;
    let since = at.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    (since >= FIRST_DATE).then_some(at)
}

/// Whether a job is a submission's, from the worst to the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    No,
    Unclear,
    Yes,
}

impl From<bool> for Fit {
    fn from(fits: bool) -> Self {
        if fits { Self::Yes } else { Self::No }
    }
}

/// What a look at the list says about a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a job that was found is paid for, and one that was not may be submitted again"]
#[non_exhaustive]
pub enum Reconciliation {
    /// The submission was accepted as this job, the only one that fits.
    Found(Box<BatchJob>),
    /// No job fits. One that is accepted late may still appear: look again before submitting again.
    NotFound,
    /// Several jobs fit, or one that doesn't say enough of itself. See [`Submission::excluding`].
    Ambiguous(Vec<BatchJob>),
}

impl Client {
    /// Looks for the job of a submission whose outcome is unknown, among the jobs created since: same entity, action
    /// and number of identifiers. Sends no submission.
    ///
    /// A job that the response named is asked for first, and is taken if it fits. What a job says in a way that nobody
    /// knows, or not at all (a zero is no count and no date), does not rule it out, and does not make it certain either.
    ///
    /// The list does not say whose job is whose: if a second submission of the same size is unknown or under way at the
    /// same time, its job is a candidate as well, and a job that is found for both belongs to one of them.
    ///
    /// Cancel-safe: the future may be dropped at any time.
    ///
    /// ```no_run
    /// # use crustdata_batch::{Client, ContactEnrichRequest, Reconciliation, SubmitError};
    /// # async fn example(client: Client, request: ContactEnrichRequest) -> Result<(), Box<dyn std::error::Error>> {
    /// match client.submit(&request).await {
    ///     Ok(accepted) => println!("accepted as {}", accepted.batch_id),
    ///     Err(SubmitError::OutcomeUnknown(unknown)) => match client.reconcile(unknown.submission()).await? {
    ///         Reconciliation::Found(job) => println!("accepted as {}", job.batch_id),
    ///         Reconciliation::NotFound => println!("look again in a minute, then submit again"),
    ///         other => println!("somebody has to look: {other:?}"),
    ///     },
    ///     Err(SubmitError::NotAccepted(error)) => return Err(error.into()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of reading jobs. A list that can't be read to its end is one too ([`Client::jobs`]): who has not seen all
    /// jobs can't say that there is none. Safe to call again after any error.
    pub async fn reconcile(&self, submission: &Submission) -> Result<Reconciliation, Error> {
        let mut submission = submission.clone();
        if submission.is_outcome_unknown {
            submission.others.extend(self.shared.accepted_jobs.all());
        }
        if let Some(batch_id) = submission.batch_id {
            match self.job(batch_id).await {
                Ok(job) if submission.fit(&job) != Fit::No => {
                    self.shared.seen_jobs.add(job.batch_id);
                    return Ok(Reconciliation::Found(Box::new(job)));
                }
                Ok(_) => {}
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(error),
            }
        }
        let mut candidates: Vec<BatchJob> = Vec::new();
        let mut is_certain = true;
        let mut jobs = self.jobs(ListQuery::new().limit(PageLimit::MAX));
        let mut next = jobs.next().await;
        submission.sent_at = self.shared.clock.at_server(submission.sent_at);
        while let Some(job) = next {
            let job = job?;
            // The most recent come first, so all that follow are older still.
            if submission.is_newer_than(&job) {
                break;
            }
            let fit = submission.fit(&job);
            // A job that comes in between moves others to the next page.
            let is_repeated = candidates.iter().any(|seen| seen.batch_id == job.batch_id);
            if fit != Fit::No && !is_repeated {
                self.shared.seen_jobs.add(job.batch_id);
                is_certain &= fit == Fit::Yes;
                candidates.push(job);
            }
            next = jobs.next().await;
        }
        Ok(match candidates.pop() {
            None => Reconciliation::NotFound,
            Some(job) if candidates.is_empty() && is_certain => {
                Reconciliation::Found(Box::new(job))
            }
            Some(job) => {
                candidates.push(job);
                Reconciliation::Ambiguous(candidates)
            }
        })
    }
}
