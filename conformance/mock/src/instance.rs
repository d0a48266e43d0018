//! The state of one mock server: its set-up, its time, its jobs and what it has counted.

use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, StatusCode, header};
use chrono::{DateTime, TimeDelta, Utc};
use tokio::runtime::Handle;
use url::Url;

use crate::conduct::Conduct;
use crate::config::{Clock, MockConfig};
use crate::hooks::Hooks;
use crate::jobs::Jobs;
use crate::ledger::Ledger;
use crate::rate::{RateWindows, Rates};
use crate::received::{Received, ReceivedRequest};
use crate::tap::Tap;
use crate::webhook::{Delivery, Webhooks};

/// No instance's own time passes this, some centuries from its start, so that every moment has a date.
const END_OF_TIME: Duration = Duration::from_secs(10_000_000_000);

/// How many requests an instance has seen so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Stats {
    /// Requests to the API, whatever came of them.
    pub requests: u64,
    /// Requests that reached the submission.
    pub submissions: u64,
    /// Submissions that became a job.
    pub accepted: u64,
    /// Requests to the download store.
    pub downloads: u64,
}

/// One server, shared by its connections.
pub(crate) struct Instance {
    pub(crate) config: MockConfig,
    pub(crate) base_url: Url,
    /// Root of the store, which is the same unless the set-up says otherwise.
    pub(crate) store_url: Url,
    pub(crate) conduct: Conduct,
    pub(crate) hooks: Hooks,
    /// Signs the download links; no other instance signs alike.
    signer: RandomState,
    /// When the instance's time was zero.
    epoch: DateTime<Utc>,
    started: Instant,
    webhooks: Webhooks,
    state: Mutex<State>,
}

/// What changes.
pub(crate) struct State {
    /// The instance's own time, but for what a real clock adds.
    pub(crate) now: Duration,
    pub(crate) jobs: Jobs,
    pub(crate) ledger: Ledger,
    /// How long after its response a request appears among the usage events.
    pub(crate) event_delay: Duration,
    pub(crate) rates: RateWindows,
    pub(crate) stats: Stats,
    pub(crate) received: Received,
    /// The submission that came last, and whether it was refused.
    pub(crate) last_submission: Option<(Arc<ReceivedRequest>, bool)>,
    pub(crate) log: Option<Log>,
    pub(crate) tap: Option<Tap>,
}

/// What is called with each request and the status of its response.
pub(crate) type Log = Arc<dyn Fn(&ReceivedRequest, StatusCode) + Send + Sync>;

impl Instance {
    pub(crate) fn new(config: MockConfig, base_url: Url, store_url: Url, runtime: Handle) -> Self {
        let hooks = Hooks::of(&config.faults);
        let mut conduct = Conduct {
            timing: config.timing,
            outcome: config.outcome,
            rates: Rates {
                jobs: config.rate,
                account: config.account_rate,
                usage: config.usage_rate,
                key: config.key_rate,
            },
            event_delay: config.event_delay,
            has_account: config.has_account,
            latency: Duration::ZERO,
            unavailable_every: None,
        };
        hooks.conduct.apply(&mut conduct, &());
        Self {
            conduct,
            hooks,
            base_url,
            store_url,
            signer: RandomState::new(),
            epoch: config.starts_at.map_or_else(Utc::now, Into::into),
            started: Instant::now(),
            webhooks: Webhooks::new(runtime),
            state: Mutex::new(State {
                now: Duration::ZERO,
                jobs: Jobs::new(config.jobs_kept),
                ledger: Ledger::new(config.credits, config.jobs_kept),
                event_delay: conduct.event_delay,
                rates: RateWindows::new(conduct.rates),
                stats: Stats::default(),
                received: Received::default(),
                last_submission: None,
                log: None,
                tap: None,
            }),
            config,
        }
    }

    /// Root of the store for who sends these headers. An instance that listens on every interface, as in a container, can't
    /// know under which name it is reached; the request says it.
    pub(crate) fn store_for(&self, headers: &HeaderMap) -> Url {
        let is_unknown = self.config.listen.ip().is_unspecified() && !self.config.separate_store;
        let host = headers.get(header::HOST).filter(|_| is_unknown);
        let host = host.and_then(|host| host.to_str().ok());
        let root = host.and_then(|host| Url::parse(&format!("http://{host}/")).ok());
        root.unwrap_or_else(|| self.store_url.clone())
    }

    /// The state. Nothing waits while it is held.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is told of each response, if anybody asked for it.
    pub(crate) fn log(&self) -> Option<Log> {
        self.state().log.clone()
    }

    /// What is told of each exchange, if anybody asked for it.
    pub(crate) fn tap(&self) -> Option<Tap> {
        self.state().tap.clone()
    }

    /// The instance's own time since it started.
    pub(crate) fn now(&self, state: &State) -> Duration {
        match self.config.clock {
            Clock::Manual | Clock::Ticking(_) => state.now,
            Clock::Real => state.now + self.started.elapsed(),
            Clock::Fast(times) => state.now + self.started.elapsed() * times,
        }
    }

    /// Moves the time on, and delivers to the webhooks of the jobs that have become final by then.
    pub(crate) fn advance(&self, state: &mut State, by: Duration) {
        state.now = state.now.saturating_add(by).min(END_OF_TIME);
        self.deliver(state);
    }

    /// Delivers to the webhooks of the jobs that have become final.
    pub(crate) fn deliver(&self, state: &mut State) {
        let now = self.now(state);
        while let Some(job) = state.jobs.take_undelivered(now) {
            if let Some(mut delivery) = Delivery::of(&job, job.phase(now)) {
                self.hooks.delivery.apply(&mut delivery, &job);
                self.webhooks.send(delivery);
            }
        }
    }

    /// A moment of the instance's own time as a date.
    pub(crate) fn date(&self, at: Duration) -> DateTime<Utc> {
        let since = TimeDelta::from_std(at).unwrap_or(TimeDelta::MAX);
        self.epoch
            .checked_add_signed(since)
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// The signature of a download link.
    pub(crate) fn sign(&self, path: &str, expires: i64) -> String {
        format!("{:016x}", self.signer.hash_one((path, expires)))
    }
}
