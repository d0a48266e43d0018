//! Sends submissions: each takes a place in the budget and waits for a permit, and is sent anew while the server
//! throttles it. Everything else that is sent goes straight to the sender.

use std::time::{Duration, Instant};

use super::permits::Permits;
use super::polls::Polls;
use super::sender::{PATIENCE, Sender};
use super::stop::Stop;
use crate::probes::submission::Authorization;
use crate::probes::{Probe, scenario};

/// The most polls without a pause between them.
const MOST_POLLS: usize = 1_000;

/// Sends submissions within permits of its own.
pub(super) struct Submitter<'a> {
    sender: &'a Sender<'a>,
    first_interval: Duration,
    permits: Permits,
}

/// What came of a probe.
pub(super) enum Sent {
    /// It was sent; its last exchange was recorded under this number.
    Exchange(usize),
    /// The budget rules it out.
    Skipped,
}

impl<'a> Submitter<'a> {
    /// With so many permits for active jobs, which are polled after `first_interval` at first.
    pub(super) fn new(sender: &'a Sender<'a>, permits: usize, first_interval: Duration) -> Self {
        Self {
            sender,
            first_interval,
            permits: Permits::new(permits),
        }
    }

    /// The jobs that hold a permit.
    pub(super) fn permits(&self) -> &Permits {
        &self.permits
    }

    /// Sends a submission, and sends it anew as long as the server throttles it. After an outcome that leaves
    /// open whether a job was made, it is sent about other profiles, never repeated; where there are no others, it
    /// stays at that outcome.
    pub(super) async fn submit(&mut self, probe: &Probe) -> Result<Sent, Stop> {
        let mut probe = probe.clone();
        let since = Instant::now();
        for attempt in 0.. {
            let request = probe.request();
            self.wait_for_one().await?;
            if !self.sender.may_submit(&request) {
                self.sender.skip(request);
                return Ok(Sent::Skipped);
            }
            let index = self.sender.send(request, attempt).await?;
            let settled = self.sender.settle(index);
            self.permits.hold(settled.job);
            if !settled.throttled {
                return Ok(Sent::Exchange(index));
            }
            if since.elapsed() > PATIENCE {
                break;
            }
            match probe.submission.anew() {
                Some(submission) => probe.submission = submission,
                None if settled.may_have_made_a_job => {
                    self.sender.leave_open(probe.request());
                    return Ok(Sent::Exchange(index));
                }
                None => {}
            }
        }
        Err(Stop::Throttled)
    }

    /// Sends a submission once, without waiting for a permit.
    pub(super) async fn submit_once(&mut self, probe: &Probe) -> Result<Sent, Stop> {
        let request = probe.request();
        if !self.sender.may_submit(&request) {
            return Ok(Sent::Skipped);
        }
        let index = self.sender.send_unheeded(request).await?;
        self.permits.hold(self.sender.settle(index).job);
        Ok(Sent::Exchange(index))
    }

    /// Waits until a job may be submitted; a job keeps its permit until the server says that it is over.
    async fn wait_for_one(&mut self) -> Result<(), Stop> {
        self.wait_while(Permits::is_full).await
    }

    /// Waits until all jobs are over, so that others may have their permits.
    pub(super) async fn wait_for_all(&mut self) -> Result<(), Stop> {
        self.wait_while(|permits| permits.oldest().is_some()).await
    }

    async fn wait_while(&mut self, taken: impl Fn(&Permits) -> bool) -> Result<(), Stop> {
        let mut polls = Polls::begin(self.first_interval);
        let mut count = 0;
        while taken(&self.permits)
            && let Some(job) = self.permits.oldest()
        {
            let poll = scenario::job(job, Authorization::Key, true);
            let index = self.sender.ask(poll).await?;
            if self.sender.shows(index, Sender::is_over) {
                self.permits.release_oldest();
                continue;
            }
            count += 1;
            if self.first_interval.is_zero() && count > MOST_POLLS {
                return Err(Stop::SlowJobs(job.to_owned()));
            }
            polls.pause(job, self.sender).await?;
        }
        Ok(())
    }
}
