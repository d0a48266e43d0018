//! Sends submissions: each takes a place in the budget and waits for a permit, and is sent anew while the server
//! throttles it. Everything else that is sent goes straight to the sender.

use std::sync::Arc;

use super::log::is_over;
use super::permits::Permits;
use super::polls::Polls;
use super::sender::{PATIENCE, Sender};
use super::stop::Stop;
use crate::exchange::{Exchange, Request};
use crate::probes::submission::Authorization;
use crate::probes::{Probe, scenario};

/// The most polls without a pause between them.
const MOST_POLLS: usize = 1_000;

/// Sends submissions within permits of its own.
pub(super) struct Submitter<'a> {
    sender: &'a Sender<'a>,
    permits: Permits,
}

/// What came of a probe.
pub(super) enum Sent {
    /// It was sent; the number under which its last exchange was recorded, and that exchange.
    Exchange(usize, Arc<Exchange>),
    /// The budget rules it out.
    Skipped,
}

impl<'a> Submitter<'a> {
    /// With so many permits for active jobs.
    pub(super) fn new(sender: &'a Sender<'a>, permits: usize) -> Self {
        Self {
            sender,
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
        self.submit_as(probe.request(), probe).await
    }

    /// Like [`Submitter::submit`], where the `request` that the probe stands for is made already.
    pub(super) async fn submit_as(
        &mut self,
        mut request: Request,
        probe: &Probe,
    ) -> Result<Sent, Stop> {
        let mut probe = probe.clone();
        let since = self.sender.clock().elapsed();
        for attempt in 0.. {
            self.wait_for_one().await?;
            if !self.sender.may_submit(&request) {
                self.sender.skip(&request);
                return Ok(Sent::Skipped);
            }
            let (number, exchange) = self.sender.send(request, attempt).await?;
            let settled = self.sender.settle(&exchange);
            self.permits.hold(settled.job);
            if !settled.throttled {
                return Ok(Sent::Exchange(number, exchange));
            }
            if self.sender.clock().elapsed().saturating_sub(since) > PATIENCE {
                break;
            }
            match probe.submission.anew() {
                Some(submission) => probe.submission = submission,
                None if settled.may_have_made_a_job => {
                    self.sender.leave_open(&exchange.request);
                    return Ok(Sent::Exchange(number, exchange));
                }
                None => {}
            }
            request = probe.request();
        }
        Err(Stop::Throttled)
    }

    /// Sends a submission once, without waiting for a permit.
    pub(super) async fn submit_once(&mut self, probe: &Probe) -> Result<Sent, Stop> {
        let request = probe.request();
        if !self.sender.may_submit(&request) {
            return Ok(Sent::Skipped);
        }
        let (number, exchange) = self.sender.send_unheeded(request).await?;
        self.permits.hold(self.sender.settle(&exchange).job);
        Ok(Sent::Exchange(number, exchange))
    }

    /// Whether more jobs are allowed for than were made.
    pub(super) fn has_jobs_left(&self) -> bool {
        self.sender.has_jobs_left()
    }

    /// Sends a request that stands for no probe, once; `None` where the budget rules it out.
    pub(super) async fn submit_request(
        &mut self,
        request: Request,
    ) -> Result<Option<Arc<Exchange>>, Stop> {
        self.wait_for_one().await?;
        if !self.sender.may_submit(&request) {
            return Ok(None);
        }
        let (_, exchange) = self.sender.send(request, 0).await?;
        self.permits.hold(self.sender.settle(&exchange).job);
        Ok(Some(exchange))
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
        let mut polls = Polls::begin(self.sender);
        let mut count = 0;
        while taken(&self.permits)
            && let Some(job) = self.permits.oldest()
        {
            let poll = scenario::job(job, Authorization::Key, true);
            if is_over(&*self.sender.ask(poll).await?) {
                self.permits.release_oldest();
                continue;
            }
            count += 1;
            if self.sender.config.embedded && count > MOST_POLLS {
                return Err(Stop::SlowJobs(job.to_owned()));
            }
            polls.pause(job, self.sender).await?;
        }
        Ok(())
    }
}
