//! Runs on the embedded mock: a server of its own for each run, on a free port, with a clock that moves with
//! the requests, so that nothing has to wait for a job.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use crustdata_mock::{
    Clock, Fault, JobTiming, MOCK_KEY, Mock, MockConfig, MockError, TEST_PROFILES,
};
use secrecy::SecretString;
use url::Url;

use crate::checks::Check;
use crate::recording::Recorder;
use crate::results::{Results, Rules, Target};
use crate::runner::{self, Progress, RunConfig, TransportError, Trial, Webhook};

/// Time on the mock's clock between two requests. Short enough for jobs to be active all at the same time,
/// long enough for them to be over after a few polls.
const TICK: Duration = Duration::from_secs(10);

/// What to run on the mock.
#[derive(Debug, Clone)]
pub struct Options {
    /// The checks to serve.
    pub checks: Vec<&'static Check>,
    /// Generated cases after the catalogue's probes.
    pub cases: u32,
    /// What all generated values follow from.
    pub seed: u64,
    /// Most accepted jobs; `None` for any number.
    pub max_jobs: Option<u64>,
    /// Most submissions of the catalogue that a correct server refuses, beyond one for each rule.
    pub refusals: usize,
    /// Minutes of the pace, where there is one; see [`RunConfig::max_minutes`].
    pub max_minutes: Option<u64>,
    /// Requests a minute; `None` for as many as the mock takes.
    pub rpm: Option<u32>,
    /// Bound on one exchange.
    pub timeout: Duration,
    /// Ways in which the mock breaks the contract.
    pub faults: Vec<&'static Fault>,
    /// What a proof of the suite asks for.
    pub trial: Trial,
}

/// Why a run on the mock did not take place.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// The mock did not start.
    #[error("the mock can't be started")]
    Mock(#[from] MockError),
    /// Nothing can be sent.
    #[error("the runner can't be started")]
    Transport(#[from] TransportError),
}

/// A URL on this machine that stands for that of a mock which is not started yet.
pub(crate) fn base_url() -> Url {
    let url = Url::parse("http://127.0.0.1/");
    url.expect("it is a URL")
}

/// A free port of this machine.
pub(crate) fn free_port() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
}

/// Starts a mock, runs the suite on it, and stops it.
///
/// # Errors
///
/// When the mock can't be started or nothing can be sent.
pub async fn run(
    options: &Options,
    rules: &Rules,
    interrupt: impl Future<Output = ()>,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Results, EmbeddedError> {
    run_recorded(options, rules, |_| None, interrupt, progress).await
}

/// Like [`run`]; `record` makes the recording of the exchanges with the mock at this URL, where there is to be one.
///
/// # Errors
///
/// When the mock can't be started or nothing can be sent.
pub async fn run_recorded(
    options: &Options,
    rules: &Rules,
    record: impl FnOnce(&Url) -> Option<Recorder>,
    interrupt: impl Future<Output = ()>,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Results, EmbeddedError> {
    let mock = mock(options.faults.clone(), TICK).await?;
    let config = RunConfig {
        base_url: mock.base_url(),
        key: SecretString::from(MOCK_KEY),
        embedded: true,
        max_jobs: options.max_jobs,
        max_minutes: options.max_minutes,
        refusals: Some(options.refusals),
        rpm: options.rpm,
        cases: options.cases,
        seed: options.seed,
        timeout: options.timeout,
        webhook: Some(Webhook {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            base: None,
        }),
        profile_urls: TEST_PROFILES.iter().map(|url| (*url).to_owned()).collect(),
        checks: options.checks.clone(),
        trial: options.trial.clone(),
    };
    let run = runner::run(&config, record(&config.base_url), interrupt, progress).await?;
    let target = Target {
        base_url: config.base_url.to_string(),
        embedded: true,
        faults: options
            .faults
            .iter()
            .map(|fault| fault.name.to_owned())
            .collect(),
    };
    let results = Results::of(&config, target, run, rules);
    mock.stop().await;
    Ok(results)
}

/// Starts a mock whose clock moves by `tick` with each request.
pub(crate) async fn mock(faults: Vec<&'static Fault>, tick: Duration) -> Result<Mock, MockError> {
    MockConfig {
        clock: Clock::Ticking(tick),
        timing: JobTiming::default(),
        faults,
        ..MockConfig::default()
    }
    .start()
    .await
}

#[cfg(test)]
mod tests;
