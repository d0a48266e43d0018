//! Sends probes within the limits: the budget of jobs, the pace, the five active jobs. Everything that
//! leaves the suite goes through here, and every exchange is recorded, also those that were throttled.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use uuid::Uuid;

use super::budget::Budget;
use super::log::{Log, is_over};
use super::pacer::Pacer;
use super::permits::Permits;
use super::progress::{Reporter, Waiting};
use super::transport::Transport;
use super::{End, Run, Stop};
use crate::assessment::Assessment;
use crate::checks::{Check, Tally, acceptance};
use crate::exchange::{Exchange, Request};
use crate::probes::submission::Authorization;
use crate::probes::{Probe, scenario};
use crate::redaction::Redaction;

/// How long a server may put requests off without a break before the run gives up.
const PATIENCE: Duration = Duration::from_secs(150);
/// The one way out.
pub(super) struct Sender<'a> {
    transport: Transport,
    budget: Budget,
    pacer: Pacer,
    most_requests: Option<u64>,
    /// Told of every exchange and every wait.
    pub(super) reporter: Reporter<'a>,
    redaction: Redaction,
    log: Mutex<Log>,
    assessment: Mutex<Assessment>,
}

/// What came of a probe.
pub(super) enum Sent {
    /// It was sent; its last exchange, and the number under which that was recorded.
    Exchange(usize, Arc<Exchange>),
    /// The budget rules it out.
    Skipped,
}

impl<'a> Sender<'a> {
    /// A sender that stops at `most_requests`, where there is such a ceiling.
    pub(super) fn new(
        transport: Transport,
        redaction: Redaction,
        budget: Budget,
        pacer: Pacer,
        most_requests: Option<u64>,
        assessment: Assessment,
        reporter: Reporter<'a>,
    ) -> Self {
        Self {
            transport,
            budget,
            pacer,
            most_requests,
            reporter,
            redaction,
            log: Mutex::default(),
            assessment: Mutex::new(assessment),
        }
    }

    /// Sends a submission, again and again while the server puts it off. After an outcome that leaves open
    /// whether a job was made, it is sent about other profiles, never repeated.
    pub(super) async fn submit(&self, probe: &Probe, permits: &mut Permits) -> Result<Sent, Stop> {
        self.submit_as(probe.request(), probe, permits).await
    }

    /// Like [`Sender::submit`], where the `request` that the probe stands for is made already.
    pub(super) async fn submit_as(
        &self,
        mut request: Request,
        probe: &Probe,
        permits: &mut Permits,
    ) -> Result<Sent, Stop> {
        let mut probe = probe.clone();
        let since = Instant::now();
        for again in 0.. {
            permits.wait_for_one(self).await?;
            if !self.budget.take(&request) {
                return Ok(self.skipped(&request));
            }
            let (number, exchange) = self.send(request, again).await?;
            if !self.settle(&exchange, permits) {
                return Ok(Sent::Exchange(number, exchange));
            }
            if since.elapsed() > PATIENCE {
                return Err(Stop::PutOff);
            }
            probe.submission = probe.submission.anew();
            request = probe.request();
        }
        Err(Stop::PutOff)
    }

    /// Sends a submission once, without waiting for a permit.
    pub(super) async fn submit_once(
        &self,
        probe: &Probe,
        permits: &mut Permits,
    ) -> Result<Sent, Stop> {
        let request = probe.request();
        if !self.budget.take(&request) {
            return Ok(Sent::Skipped);
        }
        // A 429 is what this is about: nothing has to wait for it.
        let (since, exchange) = self.exchange(request).await?;
        let (number, exchange) = self.record(since, exchange)?;
        self.settle(&exchange, permits);
        Ok(Sent::Exchange(number, exchange))
    }

    /// Notes which checks the request would have served.
    fn skipped(&self, request: &Request) -> Sent {
        let served: Vec<&str> = self.assessment(|assessment| {
            let served = assessment.checks().filter(|check| check.wants(request));
            served.map(|check| check.id).collect()
        });
        self.log(|log| log.skipped.extend(served));
        Sent::Skipped
    }

    /// Books what came of a submission; whether it was throttled.
    fn settle(&self, exchange: &Exchange, permits: &mut Permits) -> bool {
        self.budget.settle(exchange);
        let job = batch_id(exchange).map(str::to_owned);
        self.log(|log| {
            log.active.extend(job.clone());
            log.refused += usize::from(acceptance::refused(exchange));
        });
        permits.hold(job);
        exchange.throttled()
    }

    /// Sends a request that makes no job, again and again while the server puts it off.
    pub(super) async fn ask(&self, request: Request) -> Result<Arc<Exchange>, Stop> {
        let since = Instant::now();
        for again in 0.. {
            let (_, exchange) = self.send(request.again(), again).await?;
            if !exchange.throttled() {
                return Ok(exchange);
            }
            if since.elapsed() > PATIENCE {
                break;
            }
        }
        Err(Stop::PutOff)
    }

    /// Whether the job holds no permit any more.
    pub(super) async fn permit_is_free(&self, id: &str) -> Result<bool, Stop> {
        let poll = scenario::job(id, Authorization::Key, true);
        Ok(is_over(&*self.ask(poll).await?))
    }

    /// Whether a poll has shown the job in a final status.
    pub(super) fn was_over(&self, id: &str) -> bool {
        Uuid::try_parse(id).is_ok_and(|id| self.log(|log| log.over.contains(&id)))
    }

    /// Adds an exchange in which the server asked.
    pub(super) fn add(&self, exchange: Exchange) {
        let exchange = Arc::new(self.redaction.exchange(exchange));
        self.log(|log| log.exchanges += 1);
        self.assessment(|assessment| assessment.push(exchange));
    }

    /// Sends a request. If it is throttled, everything waits before the next one, the longer the more often
    /// this has happened to it before (`again`).
    async fn send(&self, request: Request, again: u32) -> Result<(usize, Arc<Exchange>), Stop> {
        let (since, exchange) = self.exchange(request).await?;
        let headers = exchange
            .outcome
            .as_ref()
            .ok()
            .map(|response| &response.headers);
        if exchange.throttled() {
            self.pacer.throttled(headers, again).await;
        } else if let Some(headers) = headers {
            self.pacer.heed(headers).await;
        }
        let recorded = self.record(since, exchange);
        self.reporter.exchanges(self.count());
        recorded
    }

    /// Records an exchange under way `since` then, without the key; an error when it shows that going on is of no
    /// use.
    fn record(&self, since: Duration, exchange: Exchange) -> Result<(usize, Arc<Exchange>), Stop> {
        let exchange = Arc::new(self.redaction.exchange(exchange));
        let (outcome, earliest) = self.log(|log| {
            if let Some(place) = log.under_way.iter().position(|other| *other == since) {
                log.under_way.swap_remove(place);
            }
            (log.record(&exchange), log.under_way.iter().min().copied())
        });
        let number = self.assessment(|assessment| {
            let number = assessment.push(exchange.clone());
            // What is sent from now on is sent later than all that is under way.
            assessment.settle(earliest.unwrap_or(Duration::MAX));
            number
        });
        outcome.map(|()| (number, exchange))
    }

    /// Sends a request; the exchange, and a moment just before.
    async fn exchange(&self, request: Request) -> Result<(Duration, Exchange), Stop> {
        if let Some(most) = self.most_requests
            && self.count() as u64 >= most
        {
            return Err(Stop::OutOfRequests(most));
        }
        self.pacer
            .turn(|wait| self.reporter.waiting(Waiting::Pace(wait)))
            .await;
        let since = self.transport.started().elapsed();
        self.log(|log| log.under_way.push(since));
        Ok((since, self.transport.exchange(request).await))
    }

    /// The start of the run, from which all its times are counted.
    pub(super) fn started(&self) -> Instant {
        self.transport.started()
    }

    /// Valid submissions that were refused so far.
    pub(super) fn refused(&self) -> usize {
        self.log(|log| log.refused)
    }

    /// What the checks say of the exchanges so far.
    pub(super) fn judged(&self) -> Vec<(&'static Check, Tally)> {
        self.assessment(|assessment| assessment.judged())
    }

    /// Exchanges so far.
    pub(super) fn count(&self) -> usize {
        self.log(|log| log.exchanges)
    }

    /// What the run leaves behind, but for why and when it ended.
    pub(super) async fn into_run(self) -> Run {
        let waited = self.pacer.waited().await;
        let log = self.log.into_inner();
        let log = log.unwrap_or_else(PoisonError::into_inner);
        let assessment = self.assessment.into_inner();
        Run {
            assessment: assessment.unwrap_or_else(PoisonError::into_inner),
            end: End {
                skipped: log.skipped,
                active: log.active,
                jobs: self.budget.taken(),
                waited,
                ..End::default()
            },
        }
    }

    fn assessment<T>(&self, look: impl FnOnce(&mut Assessment) -> T) -> T {
        look(
            &mut self
                .assessment
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }

    fn log<T>(&self, look: impl FnOnce(&mut Log) -> T) -> T {
        look(&mut self.log.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The id of an accepted job, where it is one that can be asked for.
pub(super) fn batch_id(exchange: &Exchange) -> Option<&str> {
    let id = exchange.accepted_object()?.get("batch_id")?.as_str()?;
    Uuid::try_parse(id).is_ok().then_some(id)
}
