//! Sends requests at the pace, and records every exchange, also those that were throttled. Everything that leaves
//! the suite goes through here. Permits for active jobs are above it, in `submitter`.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::sync::RwLock;
use uuid::Uuid;

use super::budget::Budget;
use super::outages::Outages;
use super::pacer::Pacer;
use super::progress::{Reporter, Waiting};
use super::stop::Stop;
use super::transport::Transport;
use crate::contract::request::Operation;
use crate::exchange::{Exchange, Request};
use crate::generated::contract::job::status;
use crate::redaction::Redaction;

/// How long a server may throttle a request without a break before the run gives up.
pub(super) const PATIENCE: Duration = Duration::from_secs(150);

/// The one way out.
pub(super) struct Sender<'a> {
    transport: Transport,
    budget: Budget,
    pacer: Pacer,
    most_requests: Option<u64>,
    /// Held for reading by each request under way, and for writing when no further one may begin.
    gate: RwLock<()>,
    /// Told of every exchange and every wait.
    pub(super) reporter: Reporter<'a>,
    redaction: Redaction,
    log: Mutex<Log>,
}

/// What was sent so far.
#[derive(Default)]
struct Log {
    exchanges: Vec<Exchange>,
    outages: Outages,
    skipped: Vec<Request>,
    left_open: Vec<Request>,
    active: Vec<String>,
}

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
    /// A sender that stops at `most_requests`, where there is such a ceiling.
    pub(super) fn new(
        transport: Transport,
        redaction: Redaction,
        budget: Budget,
        pacer: Pacer,
        most_requests: Option<u64>,
        reporter: Reporter<'a>,
    ) -> Self {
        Self {
            transport,
            budget,
            pacer,
            most_requests,
            gate: RwLock::default(),
            reporter,
            redaction,
            log: Mutex::default(),
        }
    }

    /// When the run was started; all times count from here.
    pub(super) fn started(&self) -> Instant {
        self.transport.started()
    }

    /// Takes a place in the budget for a submission; false when there is none left.
    pub(super) fn may_submit(&self, request: &Request) -> bool {
        self.budget.take(request)
    }

    /// Records a submission that the budget rules out.
    pub(super) fn skip(&self, request: Request) {
        self.log(|log| log.skipped.push(request));
    }

    /// Records that a submission is not repeated, although it was throttled: a job may have been made of it.
    pub(super) fn leave_open(&self, request: Request) {
        self.log(|log| log.left_open.push(request));
    }

    /// Books what came of a submission.
    pub(super) fn settle(&self, index: usize) -> Settled {
        self.log(|log| {
            let exchange = &log.exchanges[index];
            let may_have_made_a_job = self.budget.settle(exchange);
            let job = batch_id(exchange).map(str::to_owned);
            let throttled = exchange.throttled();
            log.active.extend(job.clone());
            Settled {
                job,
                throttled,
                may_have_made_a_job,
            }
        })
    }

    /// Sends a request that makes no job, and repeats it as long as the server throttles it.
    pub(super) async fn ask(&self, request: Request) -> Result<usize, Stop> {
        let since = Instant::now();
        for attempt in 0.. {
            let index = self.send(request.again(), attempt).await?;
            if !self.log(|log| log.exchanges[index].throttled()) {
                return Ok(index);
            }
            if since.elapsed() > PATIENCE {
                break;
            }
        }
        Err(Stop::Throttled)
    }

    /// Whether the response says that the job is over, or nothing that would keep its permit held.
    pub(super) fn is_over(poll: &Exchange) -> bool {
        let status = poll
            .accepted_object()
            .and_then(|job| job.get("status"))
            .and_then(Value::as_str);
        !matches!(status, Some(status::PENDING | status::PROCESSING))
    }

    /// Adds an exchange in which the server asked.
    pub(super) fn add(&self, mut exchange: Exchange) {
        self.redaction.exchange(&mut exchange);
        self.log(|log| log.exchanges.push(exchange));
    }

    /// Sends a request. If it is throttled, everything waits before the next one, the longer the more often
    /// this has happened to it before (`attempt`).
    pub(super) async fn send(&self, request: Request, attempt: u32) -> Result<usize, Stop> {
        self.turn().await?;
        let _under_way = self.gate.read().await;
        let exchange = self.transport.exchange(request).await;
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
        let recorded = self.record(exchange);
        self.reporter.exchanges(self.count());
        recorded
    }

    /// Sends a request whose being throttled says nothing about later ones, so that nothing waits for it.
    pub(super) async fn send_unheeded(&self, request: Request) -> Result<usize, Stop> {
        self.turn().await?;
        let _under_way = self.gate.read().await;
        self.record(self.transport.exchange(request).await)
    }

    /// Records an exchange, without the key; an error when it shows that going on is of no use.
    fn record(&self, mut exchange: Exchange) -> Result<usize, Stop> {
        self.redaction.exchange(&mut exchange);
        self.log(|log| log.record(exchange))
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

    /// Whether the exchange with this number shows what `symptom` looks for.
    pub(super) fn shows(&self, index: usize, symptom: impl FnOnce(&Exchange) -> bool) -> bool {
        self.log(|log| log.exchanges.get(index).is_some_and(symptom))
    }

    /// Reads all exchanges so far.
    pub(super) fn exchanges<T>(&self, read: impl FnOnce(&[Exchange]) -> T) -> T {
        self.log(|log| read(&log.exchanges))
    }

    /// Exchanges so far.
    pub(super) fn count(&self) -> usize {
        self.log(|log| log.exchanges.len())
    }

    /// What the run leaves behind.
    pub(super) async fn into_record(self) -> Record {
        let waited = self.pacer.waited().await;
        let jobs = self.budget.taken();
        let log = self
            .log
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        Record {
            exchanges: log.exchanges,
            skipped: log.skipped,
            left_open: log.left_open,
            active: log.active,
            jobs,
            waited,
        }
    }

    fn log<T>(&self, access: impl FnOnce(&mut Log) -> T) -> T {
        access(&mut self.log.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// See [`Sender::into_record`].
pub(super) struct Record {
    pub(super) exchanges: Vec<Exchange>,
    pub(super) skipped: Vec<Request>,
    pub(super) left_open: Vec<Request>,
    pub(super) active: Vec<String>,
    pub(super) jobs: u64,
    pub(super) waited: Duration,
}

impl Log {
    fn record(&mut self, exchange: Exchange) -> Result<usize, Stop> {
        let goes_on = self.outages.count(&exchange);
        if let Operation::Job(id) = exchange.request.operation()
            && Sender::is_over(&exchange)
        {
            let id = id.to_owned();
            self.active.retain(|active| *active != id);
        }
        self.exchanges.push(exchange);
        goes_on.map(|()| self.exchanges.len() - 1)
    }
}

/// The id of an accepted job, where it is one that can be asked for.
pub(super) fn batch_id(exchange: &Exchange) -> Option<&str> {
    let id = exchange.accepted_object()?.get("batch_id")?.as_str()?;
    Uuid::try_parse(id).is_ok().then_some(id)
}
