//! A limit of active jobs that the caller sets: a submission waits until one of them has ended, and isn't refused.

use std::collections::HashSet;

use tokio::sync::MutexGuard;
use tokio::time::sleep;

use crate::events::Event;
use crate::{Client, Error, JobStatus, ListQuery, PageLimit};

impl Client {
    /// Waits until there is room for one more active job, if the caller has set a limit. Other submissions wait until
    /// what this gives is dropped.
    pub(crate) async fn room_for_a_job(&self) -> Result<Option<MutexGuard<'_, ()>>, Error> {
        let shared = &self.shared;
        let Some(max) = shared.max_active_jobs else {
            return Ok(None);
        };
        let room = shared.submitting.lock().await;
        loop {
            let active = self.active_jobs(max.get()).await?;
            if active < max.get() {
                return Ok(Some(room));
            }
            let wait = shared.submit_backoff;
            shared.events.tell(&Event::ActiveJobs { active, wait });
            sleep(wait).await;
        }
    }

    /// Counts the account's active jobs up to `max`.
    pub(crate) async fn active_jobs(&self, max: u32) -> Result<u32, Error> {
        let limit = PageLimit::new(max).unwrap_or(PageLimit::MAX);
        let mut active = HashSet::new();
        // In the order of a job's life, so that one that moves on is seen at least once.
        for status in [JobStatus::Pending, JobStatus::Processing] {
            let mut jobs = self.jobs(ListQuery::new().status(status).limit(limit));
            while let Some(job) = jobs.next().await {
                let job = job?;
                // Whatever the server makes of the query.
                if matches!(job.status, JobStatus::Pending | JobStatus::Processing) {
                    active.insert(job.batch_id);
                }
                if active.len() >= max as usize {
                    return Ok(max);
                }
            }
        }
        Ok(u32::try_from(active.len()).unwrap_or(max))
    }
}
