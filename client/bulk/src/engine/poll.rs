//! Asking for the jobs: one request for all of them, whichever run has submitted them, and one more for each that is not on the page.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use crustdata_batch::{BatchJob, JobStatus, ListQuery, PageLimit, Uuid};
use tokio::time::Instant;

use super::Engine;
use super::outage::ASKING;
use crate::error::Error;
use crate::event::{Event, Step};
use crate::journal::Rest;

/// Most characters of what the API says about a job.
const SHOWN: usize = 1000;

/// What the call for the list is for, as errors say it.
const LISTING: &str = "listing the jobs";

impl Engine<'_> {
    /// Keeps which jobs have ended, and how many are active that nobody here has submitted.
    pub(super) async fn poll(&mut self) -> Result<(), Error> {
        let open = self.journal.open_jobs()?;
        let active: Vec<Uuid> = open
            .iter()
            .filter(|job| !job.has_ended)
            .map(|job| job.batch_id)
            .collect();
        let is_submitting =
            self.progress.blocked.is_none() && self.journal.has_waiting(self.list.id)?;
        let is_needed = !active.is_empty() || is_submitting;
        let every = match std::mem::take(&mut self.progress.is_hinted) {
            true => Duration::ZERO,
            false => self.settings.interval,
        };
        if !is_needed || !self.journal.is_poll_due(every)? {
            return Ok(());
        }
        let page = self
            .client
            .list(&ListQuery::new().limit(PageLimit::MAX))
            .await;
        let mut listed = match page {
            Ok(page) => {
                self.reached(LISTING);
                // Other runs may have submitted meanwhile; and a list that is behind still has those that were read.
                let others = others_active(&page.jobs, &self.journal.known_jobs()?);
                self.journal.polled(others)?;
                let jobs = page.jobs.into_iter();
                jobs.map(|job| (job.batch_id, job)).collect()
            }
            Err(error) if error.is_transient() || error.is_unauthorized() => {
                return self.failed(LISTING, error);
            }
            // Without a list, each job can be asked for.
            Err(error) => {
                self.tell(&Event::Problem(format!(
                    "the jobs can't be listed: {error}"
                )));
                HashMap::new()
            }
        };
        for batch_id in active {
            if self.is_stopped() {
                break;
            }
            let job = match listed.remove(&batch_id) {
                Some(job) if !self.may_be_late(&job) => job,
                listed => match (self.client.job(batch_id).await, listed) {
                    (Ok(job), _) => {
                        self.progress.unreadable_since.remove(&batch_id);
                        self.progress.ended.insert(batch_id, job.clone());
                        job
                    }
                    (Err(_), Some(listed)) => listed,
                    (Err(error), None) if error.is_unauthorized() => {
                        return self.failed(ASKING, error);
                    }
                    (Err(error), None) => {
                        self.not_to_be_asked(batch_id, &error)?;
                        continue;
                    }
                },
            };
            self.look_at(job)?;
        }
        Ok(())
    }

    /// Whether the list has shown a job as active for so long that the job itself is asked, once in a while.
    fn may_be_late(&mut self, job: &BatchJob) -> bool {
        let is_over = matches!(job.status, JobStatus::Completed | JobStatus::Failed);
        let since = self.progress.active_since.entry(job.batch_id);
        let since = since.or_insert_with(Instant::now);
        let may_be = !is_over && since.elapsed() >= self.settings.outage_patience;
        if may_be {
            *since = Instant::now();
            // A status that nobody knows may be an end that nobody will tell of.
            let (id, status) = (job.batch_id, shown(job.status.as_str()));
            let problem =
                format!("job {id} is listed as {status:?} for long: it is asked for by itself");
            self.tell(&Event::Problem(problem));
        }
        may_be
    }

    /// A job that is not listed and that the API can't be asked for may be too new for it. The next run reads it.
    fn not_to_be_asked(
        &mut self,
        batch_id: Uuid,
        error: &crustdata_batch::Error,
    ) -> Result<(), Error> {
        if self.is_tolerated(batch_id, error) {
            return Ok(());
        }
        self.journal.job_ended(batch_id, None)?;
        let reason = format!("the job is not listed, and can't be asked for: {error}");
        let failure = Some(reason.clone());
        self.tell(&Event::JobEnded { batch_id, failure });
        self.finish(batch_id, &Rest::Missing(reason))
    }

    fn look_at(&mut self, job: BatchJob) -> Result<(), Error> {
        match job.status {
            JobStatus::Completed => self.ended(job.batch_id, None),
            JobStatus::Failed => {
                let said = job.error_message.filter(|text| !text.is_empty());
                let said = said.map_or_else(String::new, |text| format!(": {:?}", shown(&text)));
                self.ended(job.batch_id, Some(format!("the job failed{said}")))
            }
            // One whose status nobody knows has ended when it says when, or where its results are.
            JobStatus::Other(_) if job.completed_at.is_some() || job.download_url.is_some() => {
                self.ended(job.batch_id, None)
            }
            _ => Ok(()),
        }
    }

    fn ended(&mut self, batch_id: Uuid, failure: Option<String>) -> Result<(), Error> {
        self.step(Step::Polled);
        self.journal.job_ended(batch_id, failure.as_deref())?;
        self.step(Step::Ended);
        self.tell(&Event::JobEnded { batch_id, failure });
        Ok(())
    }
}

/// How many active jobs of the account are not the journal's.
fn others_active(jobs: &[BatchJob], own: &[Uuid]) -> u64 {
    let is_active =
        |job: &&BatchJob| matches!(job.status, JobStatus::Pending | JobStatus::Processing);
    let active = jobs.iter().filter(is_active).map(|job| job.batch_id);
    // A page may have a job twice.
    let others: HashSet<Uuid> = active.filter(|id| !own.contains(id)).collect();
    others.len() as u64
}

/// The beginning of what the API says about a job: it is kept for each of its people.
fn shown(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}
