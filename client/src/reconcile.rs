//! Finding out what became of a submission whose outcome is unknown, by a look at the list of recent jobs. Without
//! an idempotency key that is all there is.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::generated::contract::{ACCEPTED_ACTION, ACCEPTED_ENTITY};
use crate::{BatchJob, Client, ContactEnrichRequest, Error, ListQuery, PageLimit};

/// How far the server's clock may lag behind this one's.
const CLOCK_SKEW: Duration = Duration::from_secs(60);

/// What is known of a submission: enough to recognise its job, and safe to store.
///
/// The error of a submission whose outcome is unknown has one ([`OutcomeUnknown::submission`](crate::OutcomeUnknown::submission)). To be safe against a crash in the middle of a
/// submission, make and store one before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Submission {
    /// When the request was sent, or will be, by this machine's clock.
    pub sent_at: SystemTime,
    /// Identifiers in the request.
    pub identifiers: u64,
    /// Different ones among them: the API may count a repeated identifier once.
    pub distinct_identifiers: u64,
    /// A job's id that the response named, although it was no acceptance.
    pub batch_id: Option<Uuid>,
    /// Jobs that are known to be others.
    pub others: HashSet<Uuid>,
}

impl Submission {
    /// Describes a request that is about to be sent.
    pub fn new(request: &ContactEnrichRequest) -> Self {
        let urls = request.professional_network_profile_urls.as_slice();
        Self {
            sent_at: SystemTime::now(),
            identifiers: urls.len() as u64,
            distinct_identifiers: urls.iter().collect::<HashSet<_>>().len() as u64,
            batch_id: None,
            others: HashSet::new(),
        }
    }

    /// Rules out jobs that are known to come from other submissions. Without it, a second job of the same size at
    /// the same time makes the result ambiguous.
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

    /// Whether the job may be this submission's, as far as the job tells.
    fn may_be(&self, job: &BatchJob) -> bool {
        let fits = |count: Option<u64>| {
            count
                .is_none_or(|count| (self.distinct_identifiers..=self.identifiers).contains(&count))
        };
        !self.others.contains(&job.batch_id)
            && job.entity == ACCEPTED_ENTITY
            && job.action == ACCEPTED_ACTION
            && fits(job.identifier_count)
            && fits(job.entities_requested)
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
    /// Those of reading jobs. Safe to call again after any error.
    pub async fn reconcile(&self, submission: &Submission) -> Result<Reconciliation, Error> {
        if let Some(batch_id) = submission.batch_id {
            match self.job(batch_id).await {
                Ok(job) => return Ok(Reconciliation::Found(Box::new(job))),
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(error),
            }
        }
        let earliest = submission.earliest();
        let mut candidates = Vec::new();
        let mut is_certain = true;
        let mut jobs = self.jobs(ListQuery::new().limit(PageLimit::MAX));
        while let Some(job) = jobs.next().await {
            let job = job?;
            let created = job.created_at.as_ref().and_then(|at| at.to_system_time());
            // The most recent come first, so all that follow are older still.
            if created.is_some_and(|at| at < earliest) {
                break;
            }
            if submission.may_be(&job) {
                is_certain &= created.is_some() && job.identifier_count.is_some();
                candidates.push(job);
            }
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
