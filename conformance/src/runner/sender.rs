//! Sends requests at the pace, and records every exchange, also those that were throttled. Everything that leaves
//! the suite goes through here. Permits for active jobs are above it, in `submitter`.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::RwLock;
use uuid::Uuid;

use super::budget::Budget;
use super::clock::Clock;
use super::config::RunConfig;
use super::end::{End, Run};
use super::log::{Log, batch_id};
use super::pacer::Pacer;
use super::progress::{Reporter, Waiting};
use super::stop::Stop;
use super::transport::Transport;
use crate::assessment::Assessment;
use crate::checks::{Check, Tally, acceptance};
use crate::contract::request::Operation;
use crate::evidence::Evidence;
use crate::exchange::{Exchange, Request};
use crate::lock::lock;
use crate::recording::Recorder;
use crate::redaction::Redaction;

/// How long a server may throttle a request without a break before the run gives up.
pub(super) const PATIENCE: Duration = Duration::from_secs(150);

/// The one way out.
pub(super) struct Sender<'a> {
    pub(super) config: &'a RunConfig,
    transport: Transport,
    budget: Budget,
    clock: Arc<Clock>,
    pacer: Pacer,
    most_requests: Option<u64>,
    /// Held for reading by each request under way, and for writing when no further one may begin.
    gate: RwLock<()>,
    /// Told of every exchange and every wait.
    pub(super) reporter: Reporter<'a>,
    redaction: Redaction,
    log: Mutex<Log>,
    assessment: Mutex<Assessment>,
}

/// An exchange, and the number under which it was recorded.
pub(super) type Recorded = (usize, Arc<Exchange>);

/// What came of a submission.
pub(super) struct Settled {
    /// The job that was accepted.
    pub(super) job: Option<String>,
    /// Whether it was throttled.
    pub(super) throttled: bool,
    /// Whether the server may have made a job of it, for all that came back.
    pub(super) may_have_made_a_job: bool,
}

impl<'a> Sender<'a> {
    /// A sender for this run, which stops at `most_requests`, where there is such a ceiling, and has exchanges go to
    /// the `recorder`, where there is one.
    pub(super) fn new(
        config: &'a RunConfig,
        transport: Transport,
        most_requests: Option<u64>,
        recorder: Option<Recorder>,
        reporter: Reporter<'a>,
    ) -> Self {
        let clock = Arc::new(Clock::new(&config.trial));
        Self {
            config,
            transport,
            budget: Budget::new(config.max_jobs),
            pacer: Pacer::new(clock.clone(), config.rpm, config.embedded),
            clock,
            most_requests,
            gate: RwLock::default(),
            reporter,
            redaction: Redaction::of(&config.key),
            log: Mutex::default(),
            assessment: Mutex::new(Assessment::new(&config.checks, recorder)),
        }
    }

    /// The time of the run, by which it waits.
    pub(super) fn clock(&self) -> &Arc<Clock> {
        &self.clock
    }

    /// When the run was started; the times of exchanges count from here.
    pub(super) fn started(&self) -> Instant {
        self.transport.started()
    }

    /// Takes a place in the budget for a submission; false when there is none left.
    pub(super) fn may_submit(&self, request: &Request) -> bool {
        self.budget.take(request)
    }

    /// Whether more jobs are allowed for than were made.
    pub(super) fn has_jobs_left(&self) -> bool {
        self.budget.has_places()
    }

    /// Records a submission that the budget rules out.
    pub(super) fn skip(&self, request: &Request) {
        let served = self.served_by(request);
        self.log(|log| log.skipped.extend(served));
    }

    /// Records that a submission is not repeated, although it was throttled: a job may have been made of it.
    pub(super) fn leave_open(&self, request: &Request) {
        let served = self.served_by(request);
        self.log(|log| log.left_open.extend(served));
    }

    /// Ids of the checks that a request serves.
    fn served_by(&self, request: &Request) -> Vec<&'static str> {
        self.assessment(|assessment| {
            let served = assessment.checks().filter(|check| check.wants(request));
            served.map(|check| check.id).collect()
        })
    }

    /// Books what came of a submission.
    pub(super) fn settle(&self, exchange: &Exchange) -> Settled {
        let may_have_made_a_job = self.budget.settle(exchange);
        let job = batch_id(exchange).map(str::to_owned);
        self.log(|log| {
            log.active.extend(job.clone());
            log.refused += usize::from(acceptance::refused(exchange));
        });
        Settled {
            job,
            throttled: exchange.throttled(),
            may_have_made_a_job,
        }
    }

    /// Sends a request that makes no job, and repeats it as long as the server throttles it, and once where it is cut
    /// off: only what repeats says something about the server.
    pub(super) async fn ask(&self, request: Request) -> Result<Arc<Exchange>, Stop> {
        let since = self.clock.elapsed();
        let mut was_cut = false;
        for attempt in 0.. {
            let (_, exchange) = self.send(request.again(), attempt).await?;
            if exchange.is_cut_read() && !was_cut {
                was_cut = true;
                continue;
            }
            if !exchange.throttled() {
                return Ok(exchange);
            }
            if self.clock.elapsed().saturating_sub(since) > PATIENCE {
                break;
            }
        }
        Err(Stop::Throttled)
    }

    /// The same, where a selected check can judge the response.
    pub(super) async fn ask_if_needed(
        &self,
        request: Request,
    ) -> Result<Option<Arc<Exchange>>, Stop> {
        if !self.config.needs(&request) {
            return Ok(None);
        }
        self.ask(request).await.map(Some)
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
    /// this has happened to it before (`attempt`).
    pub(super) async fn send(&self, request: Request, attempt: u32) -> Result<Recorded, Stop> {
        self.turn().await?;
        let _under_way = self.gate.read().await;
        let (since, exchange) = self.exchange(request).await;
        let headers = exchange
            .outcome
            .as_ref()
            .ok()
            .map(|response| &response.headers);
        if exchange.throttled() {
            self.pacer.throttled(headers, attempt).await;
        } else if let Some(headers) = headers {
            self.pacer.heed(headers).await;
        }
        let recorded = self.record(since, exchange);
        self.reporter.exchanges(self.count());
        recorded
    }

    /// Sends a request whose being throttled says nothing about later ones, so that nothing waits for it.
    pub(super) async fn send_unheeded(&self, request: Request) -> Result<Recorded, Stop> {
        self.turn().await?;
        let _under_way = self.gate.read().await;
        let (since, exchange) = self.exchange(request).await;
        self.record(since, exchange)
    }

    /// Records an exchange under way `since` then, without the key; an error when it shows that going on is of no
    /// use.
    fn record(&self, since: Duration, exchange: Exchange) -> Result<Recorded, Stop> {
        let exchange = Arc::new(self.redaction.exchange(exchange));
        let (goes_on, earliest) = self.log(|log| {
            if let Some(place) = log.under_way.iter().position(|other| *other == since) {
                log.under_way.swap_remove(place);
            }
            (log.record(&exchange), log.under_way.iter().min().copied())
        });
        let (number, is_enough) = self.assessment(|assessment| {
            let number = assessment.push(exchange.clone());
            // What is sent from now on is sent later than all that is under way.
            assessment.settle(earliest.unwrap_or(Duration::MAX));
            let until = &self.config.trial.until;
            let is_enough = !until.is_empty()
                && (assessment.violated()).any(|(check, _)| until.contains(&check.id));
            (number, is_enough)
        });
        match goes_on {
            Ok(()) if is_enough => Err(Stop::Enough),
            goes_on => goes_on.map(|()| (number, exchange)),
        }
    }

    /// Sends a request; the exchange, and a moment just before.
    async fn exchange(&self, request: Request) -> (Duration, Exchange) {
        let since = self.started().elapsed();
        self.log(|log| log.under_way.push(since));
        (since, self.transport.exchange(request).await)
    }

    /// Waits until the pace allows another request; an error where the plan does not.
    async fn turn(&self) -> Result<(), Stop> {
        if let Some(most) = self.most_requests
            && self.count() as u64 >= most
        {
            return Err(Stop::OutOfRequests(most));
        }
        self.pacer
            .turn(|wait| self.reporter.waiting(Waiting::Pace(wait)))
            .await;
        Ok(())
    }

    /// Waits until the requests under way are recorded, while no further one begins.
    pub(super) async fn finish(&self) {
        drop(self.gate.write().await);
    }

    /// Valid submissions that were refused so far.
    pub(super) fn refused(&self) -> usize {
        self.log(|log| log.refused)
    }

    /// What the checks say of the exchanges so far.
    pub(super) fn judged(&self) -> Vec<(&'static Check, Tally)> {
        self.assessment(|assessment| assessment.judged())
    }

    /// Whether all of these clauses are violated already.
    pub(super) fn violates(&self, ids: &[&str]) -> bool {
        self.assessment(|assessment| {
            let violated = assessment.violated().map(|(check, _)| check.id);
            let violated: Vec<&str> = violated.collect();
            ids.iter().all(|id| violated.contains(id))
        })
    }

    /// What the exchanges so far show.
    pub(super) fn evidence<T>(&self, access: impl FnOnce(&Evidence) -> T) -> T {
        self.assessment(|assessment| access(assessment.evidence()))
    }

    /// Whether the server was seen to have this operation of the account.
    pub(super) fn account_has(&self, operation: Operation<'_>) -> bool {
        self.evidence(|evidence| evidence.account().has(operation)) == Some(true)
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
                left_open: log.left_open,
                active: log.active,
                jobs: self.budget.taken(),
                waited,
                ..End::default()
            },
        }
    }

    fn assessment<T>(&self, access: impl FnOnce(&mut Assessment) -> T) -> T {
        access(&mut lock(&self.assessment))
    }

    fn log<T>(&self, access: impl FnOnce(&mut Log) -> T) -> T {
        access(&mut lock(&self.log))
    }
}
