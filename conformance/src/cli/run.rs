//! `conformance run`

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crustdata_mock::{Fault, MOCK_KEY};
use secrecy::SecretString;
use url::Url;

use super::error::{CliError, written};
use super::program::program;
use super::progress::Display;
use super::select;
use super::sending::Sending;
use super::signals::interrupted;
use crate::embedded::{self, EmbeddedError};
use crate::known::KnownFailures;
use crate::recording::Recorder;
use crate::report::{self, Directory};
use crate::results::{Results, Rules, Target};
use crate::runner::{self, Plan, RunConfig, TransportError};

/// Run the suite, on the embedded mock or on any other server of this API
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    sending: Sending,
    /// TOML file of the clauses that are known to be violated, each with a reason and, if you like, a last day. They
    /// still run; one that passes again, or whose day is over, ends in exit code 1
    #[arg(long, value_name = "FILE")]
    known_failures: Option<PathBuf>,
    /// Directory for results.json, junit.xml, report.html and exchanges.ndjson; made where there is none
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    /// Take warnings for violations
    #[arg(long)]
    strict: bool,
    /// End with exit code 3 when a selected clause could not be judged, whatever the reason
    #[arg(long)]
    require_all: bool,
    /// Break the contract in this way, to see it caught (`conformance list --faults`); may be repeated
    #[arg(long = "fault", value_name = "NAME", conflicts_with = "base_url")]
    pub(super) faults: Vec<String>,
    /// Seconds to wait for one whole response
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..))]
    timeout: u64,
    /// List the clauses that pass, too
    #[arg(long)]
    verbose: bool,
    /// Form of the report on standard output
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// The results as JSON
    Json,
}

impl Args {
    /// What to run, with this key.
    pub(super) fn config(&self, key: SecretString) -> Result<RunConfig, CliError> {
        self.sending.config(key, Duration::from_secs(self.timeout))
    }
}

/// The same run on an embedded mock with these faults.
pub(super) fn embedded_options(
    config: RunConfig,
    faults: Vec<&'static Fault>,
) -> embedded::Options {
    embedded::Options {
        checks: config.checks,
        cases: config.cases,
        seed: config.seed,
        max_jobs: config.max_jobs,
        rpm: config.rpm,
        timeout: config.timeout,
        faults,
    }
}

pub(super) async fn run(
    args: Args,
    out: &mut dyn Write,
    err: &mut (dyn Write + Send),
) -> Result<u8, CliError> {
    let faults = select::faults(&args.faults)?;
    let key: SecretString = match args.sending.base_url {
        Some(_) => key()?,
        None => MOCK_KEY.to_owned().into(),
    };
    let config = args.config(key)?;
    let rules = Rules {
        strict: args.strict,
        require_all: args.require_all,
        by_name: select::by_name(&args.sending.only),
        known: args
            .known_failures
            .as_deref()
            .map_or(Ok(KnownFailures::default()), known_failures)?,
        program: program(),
        ..Rules::default()
    };
    // Found out before anything is sent: a run may cost money, and its report is what it is for.
    let directory = args.report.as_deref().map(Directory::open).transpose();
    let directory = directory.map_err(|error| CliError::unusable("--report", &error))?;
    let recording = directory.as_ref().map(Directory::recording).transpose();
    let recording = recording.map_err(|error| CliError::unusable("--report", &error))?;
    let record = |base_url: &Url| Some(Recorder::new(recording?, base_url.as_str()));
    if !config.embedded {
        // A plan that nobody can read is no reason not to run.
        let _ = writeln!(err, "{}", Plan::of(&config));
    }
    let display = Display::new(config.embedded, err);
    let show = |now| display.show(now);
    let mut results = if config.embedded {
        let options = embedded_options(config, faults);
        embedded::run_recorded(&options, &rules, record, interrupted(), &show)
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
        let target = Target {
            base_url: config.base_url.to_string(),
            embedded: false,
            faults: Vec::new(),
        };
        Results::of(&config, target, run, &rules)
    };
    drop(display);
    // The verdict first: it is not lost when a file can't be written.
    let printed = written(match args.format {
        Format::Text => report::console::write(out, &results, args.verbose),
        Format::Json => report::json(out, &results),
    });
    if let Some(directory) = directory {
        directory
            .write(&mut results)
            .map_err(|error| CliError::suite("the reports can't be written", error))?;
        if let Some(path) = &args.report {
            // Where the reports are is worth a line, and no reason to fail.
            let _ = writeln!(err, "reports in {}", path.display());
        }
    }
    if let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) {
        step_summary(Path::new(&path), &results)
            .map_err(|error| CliError::suite("$GITHUB_STEP_SUMMARY can't be written", error))?;
    }
    printed?;
    Ok(results.exit_code)
}

/// Appends the summary to the page of a GitHub Actions step, in one write.
fn step_summary(path: &Path, results: &Results) -> io::Result<()> {
    let mut summary = Vec::new();
    report::markdown(&mut summary, results)?;
    let mut options = fs::OpenOptions::new();
    options
        .append(true)
        .create(true)
        .open(path)?
        .write_all(&summary)
}

fn known_failures(path: &Path) -> Result<KnownFailures, CliError> {
    let what = format!("--known-failures {}", path.display());
    let text = fs::read_to_string(path).map_err(|error| CliError::unusable(&what, &error))?;
    KnownFailures::parse(&text).map_err(|error| CliError::unusable(&what, &error))
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
        _ => Err(CliError::Usage(
            "--base-url needs a key: set CRUSTDATA_API_KEY in the environment".to_owned(),
        )),
    }
}
