//! `conformance run`

use std::env::VarError;
use std::io::Write;
use std::time::Duration;

use crustdata_mock::MOCK_KEY;
use secrecy::SecretString;
use url::Url;

use super::error::CliError;
use super::progress::Display;
use super::reporting::Reporting;
use super::select;
use super::sending::Sending;
use super::signals::interrupted;
use crate::embedded::{self, EmbeddedError};
use crate::recording::Recorder;
use crate::results::Results;
use crate::runner::{self, Plan, RunConfig, TransportError};

/// Run the suite, on the embedded mock or on any other server of this API
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    sending: Sending,
    #[command(flatten)]
    reporting: Reporting,
    /// Break the contract in this way, to see it caught (`conformance list --faults`); may be repeated
    #[arg(long = "fault", value_name = "NAME", conflicts_with = "base_url")]
    faults: Vec<String>,
    /// Seconds to wait for one whole response
    #[arg(long, value_name = "SECONDS", default_value_t = RunConfig::TIMEOUT.as_secs(), value_parser = clap::value_parser!(u64).range(1..))]
    timeout: u64,
}

impl Args {
    /// What to run, with this key.
    pub(super) fn config(&self, key: SecretString) -> Result<RunConfig, CliError> {
        let faults = select::faults(&self.faults)?;
        let timeout = Duration::from_secs(self.timeout);
        Ok(RunConfig {
            faults,
            ..self.sending.config(key, timeout)?
        })
    }
}

pub(super) async fn run(
    args: Args,
    out: &mut dyn Write,
    err: &mut (dyn Write + Send),
) -> Result<u8, CliError> {
    let key: SecretString = match args.sending.base_url {
        Some(_) => key()?,
        None => MOCK_KEY.to_owned().into(),
    };
    let config = args.config(key)?;
    let rules = args.reporting.rules(&args.sending.only)?;
    let directory = args.reporting.directory()?;
    let recording = directory.recording()?;
    let record = |base_url: &Url| Some(Recorder::new(recording?, base_url.as_str()));
    if !config.embedded {
        // A plan that nobody can read is no reason not to run.
        let _ = writeln!(err, "{}", Plan::of(&config));
    }
    let display = Display::new(config.embedded, err);
    let show = |now| display.show(now);
    let mut results = if config.embedded {
        embedded::run_recorded(config, &rules, record, interrupted(), &show)
            .await
            .map_err(|error| match error {
                EmbeddedError::Mock(source) => CliError::suite("the mock can't be started", source),
                EmbeddedError::Transport(source) => not_sent(source),
            })?
    } else {
        let recorder = record(&config.base_url);
        let run = runner::run(&config, recorder, interrupted(), &show)
            .await
            .map_err(not_sent)?;
        Results::of(&config, run, &rules)
    };
    drop(display);
    directory.report(&args.reporting, &mut results, out, err)
}

pub(super) fn not_sent(error: TransportError) -> CliError {
    match error {
        TransportError::Key(_) => CliError::Usage(error.to_string()),
        other => CliError::suite("nothing can be sent", other),
    }
}

pub(super) fn key() -> Result<SecretString, CliError> {
    match std::env::var("CRUSTDATA_API_KEY") {
        Ok(key) if !key.trim().is_empty() => Ok(SecretString::from(key.trim().to_owned())),
        Err(VarError::NotUnicode(_)) => Err(CliError::Usage(
            "the key in CRUSTDATA_API_KEY is not UTF-8 text: set it again".to_owned(),
        )),
        _ => Err(CliError::Usage(
            "--base-url needs a key: set CRUSTDATA_API_KEY in the environment".to_owned(),
        )),
    }
}
