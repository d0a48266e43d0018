//! `conformance run`

use std::fs;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use super::progress::Display;
use super::{CliError, interrupted, select, written};
use crate::embedded::{self, EmbeddedError};
use crate::known::KnownFailures;
use crate::report::{self, Directory};
use crate::results::{Results, Rules, Target};
use crate::runner::{self, Plan, RunConfig, TransportError, Webhook};

/// Generated submissions on the embedded mock, unless `--cases` says otherwise.
const CASES: u32 = 256;
/// Requests a minute to a server that is not on this machine: the default of sibling endpoints.
const RPM: u32 = crate::generated::contract::REQUESTS_PER_MINUTE;

/// Run the suite, on the embedded mock or on any other server of this API
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Base URL of the server to check; the embedded mock without it. The key comes from CRUSTDATA_API_KEY
    #[arg(long, value_name = "URL", value_parser = base_url)]
    pub(super) base_url: Option<Url>,
    /// Most jobs that the server may accept; a ceiling that is never passed. Without it: 0 on a --base-url,
    /// where only what a correct server refuses is then sent (and no more submissions after one that is
    /// accepted all the same), any number on the mock
    #[arg(long, value_name = "N")]
    max_jobs: Option<u64>,
    /// Requests a minute, evenly spread. Without it: what the document assumes, on a --base-url beyond this machine;
    /// else no limit
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    rpm: Option<u32>,
    /// Generated submissions after the catalogue's. Without it: 256 on the mock, 0 on a --base-url
    #[arg(long, value_name = "N")]
    cases: Option<u32>,
    /// Number that all generated values follow from: the same seed sends the same requests
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Only clauses whose id matches; `*` stands for any characters; may be repeated
    #[arg(long, value_name = "GLOB")]
    only: Vec<String>,
    /// All but the clauses whose id matches; may be repeated
    #[arg(long, value_name = "GLOB")]
    skip: Vec<String>,
    /// A profile of your own, looked up beside those that name nobody, so that results with contacts can be
    /// judged; a correct server bills what it finds; may be repeated
    #[arg(long = "profile-url", value_name = "URL")]
    profile_urls: Vec<String>,
    /// URL under which the server reaches --webhook-listen, where it can't reach this machine itself
    #[arg(long, value_name = "URL", value_parser = base_url)]
    webhook_base: Option<Url>,
    /// Address on which webhook deliveries are listened for
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    webhook_listen: SocketAddr,
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
    /// Break the contract in this way, to see it caught (`conformance list --faults`); may be repeated
    #[arg(long = "fault", value_name = "NAME", conflicts_with = "base_url")]
    faults: Vec<String>,
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
    /// The most that a run with these arguments sends.
    pub(super) fn plan(&self) -> Result<Plan, CliError> {
        match &self.base_url {
            Some(base_url) => Ok(Plan::of(&self.external(base_url, SecretString::default())?)),
            None => Err(CliError::Usage(
                "plan needs --base-url: a run on the embedded mock costs nothing".to_owned(),
            )),
        }
    }

    /// A run on the embedded mock.
    pub(super) fn embedded(&self) -> Result<embedded::Options, CliError> {
        Ok(embedded::Options {
            checks: select::checks(&self.only, &self.skip)?,
            cases: self.cases.unwrap_or(CASES),
            seed: self.seed.unwrap_or_else(random_seed),
            max_jobs: self.max_jobs,
            rpm: self.rpm,
            timeout: Duration::from_secs(self.timeout),
            faults: select::faults(&self.faults)?,
        })
    }

    /// A run on another server.
    pub(super) fn external(
        &self,
        base_url: &Url,
        key: SecretString,
    ) -> Result<RunConfig, CliError> {
        Ok(RunConfig {
            base_url: base_url.clone(),
            key,
            embedded: false,
            max_jobs: Some(self.max_jobs.unwrap_or(0)),
            rpm: self.rpm.or((!is_loopback(base_url)).then_some(RPM)),
            cases: self.cases.unwrap_or(0),
            seed: self.seed.unwrap_or_else(random_seed),
            timeout: Duration::from_secs(self.timeout),
            webhook: self.webhook(base_url),
            profile_urls: self.profile_urls.clone(),
            checks: select::checks(&self.only, &self.skip)?,
        })
    }

    /// Where to listen for webhook deliveries, if the server can send some there.
    fn webhook(&self, target: &Url) -> Option<Webhook> {
        (self.webhook_base.is_some() || is_loopback(target)).then(|| Webhook {
            listen: self.webhook_listen,
            base: self.webhook_base.clone(),
        })
    }
}

pub(super) async fn run(
    args: Args,
    out: &mut dyn Write,
    err: &mut (dyn Write + Send),
) -> Result<u8, CliError> {
    let options = args.embedded()?;
    let rules = Rules {
        strict: args.strict,
        by_name: select::by_name(&args.only),
        known: args
            .known_failures
            .as_deref()
            .map_or(Ok(KnownFailures::default()), known_failures)?,
        program: super::program(),
        ..Rules::default()
    };
    // Found out before anything is sent: a run may cost money, and its report is what it is for.
    let directory = args.report.as_deref().map(Directory::open).transpose();
    let directory = directory.map_err(|error| CliError::unusable("--report", &error))?;
    let external = match &args.base_url {
        Some(base_url) => {
            let config = args.external(base_url, key()?)?;
            // A plan that nobody can read is no reason not to run.
            let _ = writeln!(err, "{}", Plan::of(&config));
            Some(config)
        }
        None => None,
    };
    let display = Display::new(external.is_none(), err);
    let results = match external {
        None => embedded::run(&options, &rules, interrupted(), &|now| display.show(now))
            .await
            .map_err(|error| match error {
                EmbeddedError::Mock(source) => CliError::suite("the mock can't be started", source),
                EmbeddedError::Transport(source) => not_sent(source),
            })?,
        Some(config) => {
            let run = runner::run(&config, interrupted(), &|now| display.show(now))
                .await
                .map_err(not_sent)?;
            let target = Target {
                base_url: config.base_url.to_string(),
                embedded: false,
                faults: Vec::new(),
            };
            Results::of(&config, target, run, &rules)
        }
    };
    drop(display);
    // The verdict first: it is not lost when a file can't be written.
    let printed = written(match args.format {
        Format::Text => report::console::write(out, &results, args.verbose),
        Format::Json => report::json(out, &results),
    });
    if let Some(directory) = directory {
        directory
            .write(&results)
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

fn not_sent(error: TransportError) -> CliError {
    match error {
        TransportError::Key(_) => CliError::Usage(error.to_string()),
        other => CliError::suite("nothing can be sent", other),
    }
}

/// A short number that no earlier run is likely to have had.
fn random_seed() -> u64 {
    u64::from(uuid::Uuid::new_v4().as_fields().0)
}

fn key() -> Result<SecretString, CliError> {
    match std::env::var("CRUSTDATA_API_KEY") {
        Ok(key) if !key.trim().is_empty() => Ok(SecretString::from(key.trim().to_owned())),
        _ => Err(CliError::Usage(
            "--base-url needs a key: set CRUSTDATA_API_KEY in the environment".to_owned(),
        )),
    }
}

fn base_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err("it must begin with http:// or https:// and a host".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("it must hold no user name and no password".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("it must have no query and no fragment".to_owned());
    }
    Ok(url)
}

/// Whether the server is on this machine, where nobody limits the rate without saying so in a response.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}
