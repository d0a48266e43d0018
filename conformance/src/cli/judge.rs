//! `conformance judge`

use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use url::Url;

use super::error::CliError;
use super::reporting::Reporting;
use super::select;
use super::sending::base_url;
use crate::assessment::Assessment;
use crate::checks::Check;
use crate::recording::Recorder;
use crate::results::Results;
use crate::traffic::{Sources, Traffic};

/// Judge recorded traffic: a HAR file of a browser, a proxy or a gateway, or a recording of this suite
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit codes:
  0  nothing is violated, and something was judged
  1  a clause is violated, or a known failure is out of date
  2  usage: a bad flag, an unknown clause, a recording that can't be read or has an entry that can't
  3  nothing could be judged, or not what had to be
  4  the suite itself failed")]
pub(super) struct Args {
    /// Recordings: HAR 1.2 or exchanges.ndjson, packed with gzip or not; `-` for standard input. Several are taken for
    /// one recording
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Judge only requests below this URL. Without it: those to any host that takes submissions
    #[arg(long, value_name = "URL", value_parser = base_url)]
    base_url: Option<Url>,
    /// Whom to judge: the server, the client, or both. A tester's recording holds bad requests on purpose
    #[arg(long, value_enum, default_value_t = Side::Both)]
    side: Side,
    /// Leave out what can't be read, and count it, instead of refusing the recording
    #[arg(long)]
    lenient: bool,
    /// Only clauses whose id matches; `*` stands for any characters; may be repeated
    #[arg(long, value_name = "GLOB")]
    only: Vec<String>,
    /// All but the clauses whose id matches; may be repeated
    #[arg(long, value_name = "GLOB")]
    skip: Vec<String>,
    #[command(flatten)]
    reporting: Reporting,
}

/// Whom exchanges are judged for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Side {
    /// By what the API promises
    Server,
    /// By what a client of it owes
    Client,
    /// By all of that
    Both,
}

impl Side {
    /// The clauses of this side that are selected.
    pub(super) fn checks(
        self,
        only: &[String],
        skip: &[String],
    ) -> Result<Vec<&'static Check>, CliError> {
        match self {
            Self::Server => select::checks(only, skip),
            Self::Client => select::client_checks(only, skip),
            Self::Both => select::all_checks(only, skip),
        }
    }
}

pub(super) fn judge(
    args: &Args,
    out: &mut dyn Write,
    err: &mut (dyn Write + Send),
) -> Result<u8, CliError> {
    let started = Instant::now();
    let checks = args.side.checks(&args.only, &args.skip)?;
    let rules = args.reporting.rules(&args.only)?;
    let mut sources =
        Sources::open(&args.files, args.lenient).map_err(|error| CliError::usage(&error))?;
    let directory = args.reporting.directory()?;
    let recorder = directory.recording()?.map(|file| match &args.base_url {
        Some(url) => Recorder::new(file, url.as_str()),
        None => Recorder::unnamed(file),
    });
    let mut traffic = Traffic::new(Assessment::new(&checks, recorder), args.base_url.as_ref());
    sources
        .read(&mut traffic)
        .map_err(|error| CliError::usage(&error))?;
    let amounts = traffic.amounts();
    let servers = traffic.base_urls().join(", ");
    let target = match &*servers {
        "" => "no server of this API",
        servers => servers,
    };
    let (assessment, places) = traffic.finish();
    let mut results = Results::of_exchanges(target, assessment, &rules);
    if let Some(recorder) = &mut results.recorder {
        recorder.name(&servers);
    }
    results.totals.seconds = started.elapsed().as_secs_f64();
    results.places(|exchange| {
        let (file, entry) = places.find(exchange)?;
        Some(format!("{}, entry {entry}", sources.name(file)))
    });
    // What was left out is no part of the verdict, and a reason to look again.
    for (count, what) in [
        (
            amounts.elsewhere,
            "exchanges that are not this API's, not judged",
        ),
        (
            amounts.late,
            "exchanges far from their turn, judged out of order",
        ),
        (
            sources.skipped(),
            "entries left out, since they can't be read",
        ),
    ] {
        if count > 0 {
            let _ = writeln!(err, "{what}: {count}");
        }
    }
    directory.report(&args.reporting, &mut results, out, err)
}
