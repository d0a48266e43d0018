//! What a run could judge: the same run on a mock in the target's likeness, counted. No rule for it is written down, so
//! none can be out of date.

use std::time::Duration;

use crustdata_mock::{Clock, MockConfig};
use serde::Serialize;

use crate::embedded::EmbeddedError;
use crate::results::{Results, Rules, Status};
use crate::runner::{self, Plan, RunConfig, Webhook};

/// Numbers of jobs that are tried: none, one, and as many as show every clause that needs no contacts.
const JOBS: [u64; 3] = [0, 1, 8];
/// Time on the mock's clock between two requests: jobs are over after a few polls, and not before as many are active as
/// may be.
const TICK: Duration = Duration::from_secs(10);
/// Bound on one exchange.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What a run could judge within a budget.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Judged {
    /// Most accepted jobs, as `--max-jobs`.
    pub max_jobs: u64,
    /// Clauses that a compliant server like this is judged by.
    pub clauses: usize,
    /// All clauses.
    pub of: usize,
    /// The most credits that a correct server charges.
    pub credits_at_worst: f64,
    /// Ids of the clauses that are left.
    pub left: Vec<&'static str>,
}

/// What runs with different budgets could judge, on a server with or without paths for the account, on this machine, where
/// webhooks reach the run, or beyond it.
pub(super) async fn runs(has_account: bool, is_local: bool) -> Result<Vec<Judged>, EmbeddedError> {
    let mut runs = Vec::new();
    for max_jobs in JOBS {
        runs.push(run(max_jobs, has_account, is_local).await?);
    }
    Ok(runs)
}

/// The clauses that a run without jobs does not judge.
pub(crate) async fn without_jobs() -> Result<Vec<&'static str>, EmbeddedError> {
    Ok(run(0, true, false).await?.left)
}

async fn run(max_jobs: u64, has_account: bool, is_local: bool) -> Result<Judged, EmbeddedError> {
    let mock = MockConfig {
        clock: Clock::Ticking(TICK),
        has_account,
        ..MockConfig::default()
    };
    let mock = mock.start().await?;
    let config = RunConfig {
        embedded: false,
        max_jobs: Some(max_jobs),
        // One for each rule shows what can be judged.
        refusals: Some(0),
        seed: 0,
        timeout: TIMEOUT,
        webhook: is_local.then_some(Webhook {
            listen: Webhook::FREE_PORT,
            base: None,
        }),
        profile_urls: Vec::new(),
        ..RunConfig::of_mock(mock.base_url())
    };
    let plan = Plan::of(&config);
    let run = runner::run(&config, None, std::future::pending(), &|_| {}).await?;
    let results = Results::of(&config, run, &Rules::default());
    mock.stop().await;
    let left: Vec<&str> = (results.checks.iter())
        .filter(|check| matches!(check.status, Status::Untestable | Status::Vacuous))
        .map(|check| check.id)
        .collect();
    Ok(Judged {
        max_jobs,
        clauses: results.checks.len() - left.len(),
        of: results.checks.len(),
        credits_at_worst: plan.credits(),
        left,
    })
}
