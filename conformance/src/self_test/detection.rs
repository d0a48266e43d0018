//! What the suite finds within a budget: runs on mocks that are reached as any other server is, at the pace of the
//! document, by a clock that moves with the run instead of making it wait.

use std::sync::Arc;
use std::time::Duration;

use crustdata_mock::{Clock, Fault, MockConfig};

use super::workers::share_out;
use crate::embedded::EmbeddedError;
use crate::probes::families::Family;
use crate::results::{Results, Rules, Status};
use crate::runner::{self, RunConfig, Spending, Trial};

/// What a violated clause ends as.
pub(super) const RED: &[Status] = &[Status::Fail, Status::Warn];

/// Runs under way at once on each thread. Few of them wait for what never comes.
const AT_ONCE: usize = 8;

/// One run on one server.
#[derive(Debug, Clone, Copy)]
pub struct Setup {
    /// The fault or variant; `None` for the compliant mock.
    pub server: Option<&'static Fault>,
    /// What the run may spend.
    pub budget: Spending,
    /// What all generated values follow from.
    pub seed: u64,
    /// The family of probes that is left out.
    pub without: Option<&'static Family>,
}

/// What one run found.
#[derive(Debug)]
pub struct Outcome {
    /// The run.
    pub setup: Setup,
    /// Clauses that are red.
    pub red: Vec<&'static str>,
    /// Requests that were sent. A run on a fault ends once its fault is found.
    pub requests: usize,
    /// Why the run ended early, but for that.
    pub stopped: Option<String>,
}

impl Outcome {
    /// Whether the server is called broken.
    pub fn is_found(&self) -> bool {
        !self.red.is_empty()
    }

    /// Whether it is called broken for a clause that it breaks.
    pub fn is_named(&self) -> bool {
        let breaks = self.setup.breaks();
        self.red.iter().any(|id| breaks.contains(id))
    }

    /// Whether the run came to its end on a server without faults, and found none.
    pub fn is_clean(&self) -> bool {
        self.red.is_empty() && self.stopped.is_none()
    }
}

impl Setup {
    /// The clauses that the server breaks.
    fn breaks(&self) -> &'static [&'static str] {
        self.server.map_or(&[], |fault| fault.breaks)
    }
}

/// Carries out the runs, as many threads at once as there are cores. `each` sees every outcome as it comes, in the order
/// of the runs.
///
/// # Errors
///
/// When a mock can't be started or nothing can be sent.
pub fn detect(setups: &[Setup], each: impl FnMut(Outcome)) -> Result<(), EmbeddedError> {
    share_out(setups, AT_ONCE, run, each)
}

async fn run(setup: &Setup) -> Result<Outcome, EmbeddedError> {
    let mock = MockConfig {
        clock: Clock::Manual,
        faults: setup.server.into_iter().collect(),
        ..MockConfig::default()
    };
    let mock = Arc::new(mock.start().await?);
    let clock = mock.clone();
    let config = RunConfig {
        embedded: false,
        seed: setup.seed,
        trial: Trial {
            skip: Some(Arc::new(move |time: Duration| clock.advance(time))),
            without: setup.without,
            until: setup.breaks().to_vec(),
            refusals: None,
        },
        ..RunConfig::of_mock(mock.base_url())
    };
    let config = setup.budget.applied_to(&config);
    let run = runner::run(&config, None, std::future::pending(), &|_| {}).await?;
    let stopped = run.end.stop.as_ref();
    let stopped = stopped.filter(|stop| **stop != runner::Stop::Enough);
    let stopped = stopped.map(ToString::to_string);
    let results = Results::of(&config, run, &Rules::default());
    drop(config);
    if let Some(mock) = Arc::into_inner(mock) {
        mock.stop().await;
    }
    let red = results.checks.iter();
    let red = red.filter(|check| RED.contains(&check.status));
    Ok(Outcome {
        setup: *setup,
        red: red.map(|check| check.id).collect(),
        requests: results.totals.exchanges,
        stopped,
    })
}
