//! How often a job is polled, and for how long.

use std::time::Duration;

use super::progress::Waiting;
use super::sender::Sender;
use super::stop::Stop;

/// How long one job may take before the run gives up.
const PATIENCE: Duration = Duration::from_secs(15 * 60);
/// The longest pause between two polls of a job.
const LONGEST_INTERVAL: Duration = Duration::from_secs(30);

/// The polls of jobs that are waited for, one after the other.
pub(super) struct Polls {
    since: Duration,
    interval: Duration,
}

impl Polls {
    /// Polls that begin now.
    pub(super) fn begin(sender: &Sender<'_>) -> Self {
        Self {
            since: sender.clock().elapsed(),
            interval: sender.config.first_interval(),
        }
    }

    /// Pauses before the next poll of `job`, each time longer; an error when it has been waited for too long.
    pub(super) async fn pause(&mut self, job: &str, sender: &Sender<'_>) -> Result<(), Stop> {
        if sender.clock().elapsed().saturating_sub(self.since) > PATIENCE {
            return Err(Stop::SlowJobs(job.to_owned()));
        }
        sender.reporter.waiting(Waiting::Job(job.to_owned()));
        sender.clock().wait(self.interval).await;
        self.interval = (self.interval * 2).min(LONGEST_INTERVAL);
        Ok(())
    }
}
