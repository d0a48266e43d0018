//! The permits for active jobs: how many may run at the same time, and the wait until one is free. Who sends the
//! submissions is not decided here.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::Stop;
use super::progress::Waiting;
use super::sender::Sender;

/// How long one job may hold its place before the run gives up.
pub(super) const JOB_PATIENCE: Duration = Duration::from_secs(15 * 60);
/// The most polls of one job without a pause between them.
const MOST_POLLS: usize = 1_000;
/// The longest pause between two polls of a job.
const LONGEST_INTERVAL: Duration = Duration::from_secs(30);

/// The permits for active jobs of one line of work, each held by a job until it is over.
pub(super) struct Permits {
    permits: usize,
    first_interval: Duration,
    active: VecDeque<String>,
}

impl Permits {
    pub(super) fn new(permits: usize, first_interval: Duration) -> Self {
        Self {
            permits,
            first_interval,
            active: VecDeque::new(),
        }
    }

    /// Hands a permit to a job, where one was accepted.
    pub(super) fn hold(&mut self, job: Option<String>) {
        self.active.extend(job);
    }

    /// Whether no further job may be submitted, for all that is known.
    pub(super) fn is_full(&self) -> bool {
        self.active.len() >= self.permits
    }

    /// The newest of the jobs, at most so many.
    pub(super) fn newest(&self, most: usize) -> Vec<String> {
        let older = self.active.len().saturating_sub(most);
        self.active.iter().skip(older).cloned().collect()
    }

    /// Waits until a job may be submitted; a job keeps its permit until the server says that it is over.
    pub(super) async fn wait_for_one(&mut self, sender: &Sender<'_>) -> Result<(), Stop> {
        self.wait_until(self.permits.saturating_sub(1), sender)
            .await
    }

    /// Waits until all jobs are over, so that others may have their permits.
    pub(super) async fn wait_for_all(&mut self, sender: &Sender<'_>) -> Result<(), Stop> {
        self.wait_until(0, sender).await
    }

    async fn wait_until(&mut self, most: usize, sender: &Sender<'_>) -> Result<(), Stop> {
        let since = Instant::now();
        let mut interval = self.first_interval;
        let mut polls = 0;
        while self.active.len() > most {
            let Some(oldest) = self.active.front() else {
                return Ok(());
            };
            if sender.permit_is_free(oldest).await? {
                self.active.pop_front();
            } else if since.elapsed() > JOB_PATIENCE
                || self.first_interval.is_zero() && polls > MOST_POLLS
            {
                return Err(Stop::SlowJobs(oldest.clone()));
            } else {
                sender.reporter.waiting(Waiting::Job(oldest.clone()));
                pause(&mut interval).await;
                polls += 1;
            }
        }
        Ok(())
    }
}

/// Pauses between two polls, and makes the next pause longer.
pub(super) async fn pause(interval: &mut Duration) {
    tokio::time::sleep(*interval).await;
    *interval = (*interval * 2).min(LONGEST_INTERVAL);
}
