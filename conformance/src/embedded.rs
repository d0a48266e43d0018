//! Runs on the embedded mock: a server of its own for each run, on a free port, with a clock that moves with
//! the requests, so that nothing has to wait for a job.

use std::time::Duration;

use crustdata_mock::{Clock, Fault, Mock, MockConfig, MockError};
use url::Url;

use crate::recording::Recorder;
use crate::results::{Results, Rules};
use crate::runner::{self, Progress, RunConfig, TransportError};

/// Time on the mock's clock between two requests. Short enough for jobs to be active all at the same time,
/// long enough for them to be over after a few polls.
const TICK: Duration = Duration::from_secs(10);

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
pub fn base_url() -> Url {
    let url = Url::parse("http://127.0.0.1/");
    url.expect("it is a URL")
}

/// Starts a mock with the faults of `config`, runs the suite on it, and stops it. The base URL is that of the mock,
/// whatever `config` says.
///
/// # Errors
///
/// When the mock can't be started or nothing can be sent.
pub async fn run(
    config: RunConfig,
    rules: &Rules,
    interrupt: impl Future<Output = ()>,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Results, EmbeddedError> {
    run_recorded(config, rules, |_| None, interrupt, progress).await
}

/// Like [`run`]; `record` makes the recording of the exchanges with the mock at this URL, where there is to be one.
///
/// # Errors
///
/// When the mock can't be started or nothing can be sent.
pub async fn run_recorded(
    config: RunConfig,
    rules: &Rules,
    record: impl FnOnce(&Url) -> Option<Recorder>,
    interrupt: impl Future<Output = ()>,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Results, EmbeddedError> {
    let mock = mock(config.faults.clone(), TICK).await?;
    let base_url = mock.base_url();
    let config = RunConfig { base_url, ..config };
    let run = runner::run(&config, record(&config.base_url), interrupt, progress).await?;
    let results = Results::of(&config, run, rules);
    mock.stop().await;
    Ok(results)
}

/// Starts a mock whose clock moves by `tick` with each request.
pub(crate) async fn mock(faults: Vec<&'static Fault>, tick: Duration) -> Result<Mock, MockError> {
    MockConfig {
        clock: Clock::Ticking(tick),
        faults,
        ..MockConfig::default()
    }
    .start()
    .await
}

#[cfg(test)]
mod tests;
