//! `conformance proxy`

use std::fs::File;
use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Instant;

use url::Url;

use super::error::CliError;
use super::judge::Side;
use super::reporting::Reporting;
use super::sending::base_url;
use super::serve::address;
use super::signals::interrupted;
use crate::assessment::Assessment;
use crate::proxy::{Limits, Proxy, ProxyConfig, ProxyError, Tell};
use crate::recording::Recorder;
use crate::results::Results;
use crate::traffic::Traffic;

/// Judge a real client's traffic with a real server as it flows, and keep back what would be paid twice
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit codes:
  0    no clause is violated, and something was judged; how COMMAND ended does not matter
  1    a clause is violated, or a known failure is out of date
  2    usage: a bad flag or file, an address that can't be listened on, a COMMAND that can't be started
  3    nothing could be judged, or not what had to be
  4    the proxy or its judging failed; traffic was passed on
  130  interrupted while COMMAND ran; the reports are written. Without COMMAND, Ctrl-C is the way to end")]
pub(super) struct Args {
    /// Base URL of the server that requests are passed on to
    #[arg(long, value_name = "URL", value_parser = base_url)]
    upstream: Url,
    /// Address to listen on, or its port; port 0 picks a free one
    #[arg(long, value_name = "ADDR", default_value_t = SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), value_parser = address)]
    listen: SocketAddr,
    /// Write what passes to this file, as HAR; without keys, and with e-mails and phone numbers masked
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Most jobs that may be accepted; a submission beyond them is answered with 402 by the proxy itself
    #[arg(long, value_name = "N", conflicts_with = "observe")]
    max_jobs: Option<u64>,
    /// Most credits that submissions may cost at worst, by the known prices; one beyond them is answered with 402
    #[arg(long, value_name = "N", conflicts_with = "observe", value_parser = credits)]
    max_credits: Option<f64>,
    /// Pass everything on, also what may be paid twice
    #[arg(long)]
    observe: bool,
    /// Rewrite the links to results files so that they lead through the proxy
    #[arg(long)]
    rewrite_links: bool,
    /// Whom to judge: the server, the client, or both
    #[arg(long, value_enum, default_value_t = Side::Both)]
    side: Side,
    /// Only clauses whose id matches; `*` stands for any characters; may be repeated
    #[arg(long, value_name = "GLOB")]
    only: Vec<String>,
    /// All but the clauses whose id matches; may be repeated
    #[arg(long, value_name = "GLOB")]
    skip: Vec<String>,
    #[command(flatten)]
    reporting: Reporting,
    /// Program to run, with CRUSTDATA_BASE_URL set to the proxy; `{url}` in it is replaced by that, too. The proxy ends
    /// when it does. Without one: with Ctrl-C
    #[arg(value_name = "COMMAND", last = true)]
    command: Vec<String>,
}

/// A file that keeps what is in it until something is written: a proxy that does not start leaves an earlier recording.
struct Replaced {
    file: File,
    is_begun: bool,
}

impl Replaced {
    fn open(path: &Path) -> io::Result<Self> {
        let mut options = File::options();
        let file = options
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        Ok(Self {
            file,
            is_begun: false,
        })
    }
}

impl Write for Replaced {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.is_begun {
            // What is no file, such as a pipe, has no length.
            let _ = self.file.set_len(0);
            self.is_begun = true;
        }
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// An amount of credits.
fn credits(text: &str) -> Result<f64, String> {
    let amount = text.parse().ok();
    let amount = amount.filter(|amount: &f64| amount.is_finite() && *amount >= 0.0);
    amount.ok_or_else(|| "it must be a number, 0 or more".to_owned())
}

pub(super) async fn proxy(
    args: Args,
    out: &mut dyn Write,
    err: &mut (dyn Write + Send),
) -> Result<u8, CliError> {
    let started = Instant::now();
    let checks = args.side.checks(&args.only, &args.skip)?;
    let rules = args.reporting.rules(&args.only)?;
    let directory = args.reporting.directory()?;
    let recorder = directory.recording()?;
    let recorder = recorder.map(|file| Recorder::new(file, args.upstream.as_str()));
    let mut traffic = Traffic::new(Assessment::new(&checks, recorder), Some(&args.upstream));
    if let Some(path) = &args.record {
        let file = Replaced::open(path);
        let file = file
            .map_err(|error| CliError::unusable(&format!("--record {}", path.display()), &error))?;
        traffic.record(file, &args.upstream);
    }
    let config = ProxyConfig {
        upstream: args.upstream.clone(),
        listen: args.listen,
        limits: (!args.observe).then_some(Limits {
            max_jobs: args.max_jobs,
            max_credits: args.max_credits,
        }),
        rewrite_links: args.rewrite_links,
    };
    let proxy = Proxy::start(config, traffic, tell(), tell()).await;
    let proxy = proxy.map_err(|error| match error {
        ProxyError::Listen { .. } => CliError::usage(&error),
        other => CliError::suite("the proxy can't be started", other),
    })?;
    let url = proxy.base_url().as_str().trim_end_matches('/').to_owned();
    let stop = interrupted();
    // Where it listens is worth a line, and no reason to fail.
    let _ = writeln!(err, "listening on {url}, passing on to {}", args.upstream);
    let ended = match args.command.split_first() {
        None => {
            stop.await;
            Ok(Ended::Itself)
        }
        Some((program, words)) => run(program, words, &url, stop, err).await,
    };
    let passed = proxy.stop().await;
    let ended = ended?;
    let (lost, spent) = (passed.lost, passed.spent);
    let Some(mut traffic) = passed.traffic else {
        return Err(CliError::Suite(
            "judging failed; all traffic was passed on".to_owned(),
            None,
        ));
    };
    let recorded = traffic.finish_recording();
    let elsewhere = traffic.amounts().elsewhere;
    let (assessment, _) = traffic.finish();
    let mut results = Results::of_exchanges(args.upstream, assessment, &rules);
    results.totals.seconds = started.elapsed().as_secs_f64();
    results.notes = notes(lost, elsewhere, spent, recorded);
    if ended == Ended::Interrupted {
        results.interrupt();
    }
    directory.report(&args.reporting, &mut results, out, err)
}

/// What is to be known beside what was judged.
fn notes(
    lost: usize,
    elsewhere: usize,
    spent: Option<(u64, f64)>,
    recorded: std::io::Result<()>,
) -> Vec<String> {
    let mut notes = Vec::new();
    if lost > 0 {
        notes.push(format!(
            "exchanges passed on without being judged, since there were too many at a time: {lost}"
        ));
    }
    if elsewhere > 0 {
        notes.push(format!(
            "exchanges that are not this API's, not judged: {elsewhere}"
        ));
    }
    if let Err(error) = recorded {
        notes.push(format!("--record: the recording is not whole: {error}"));
    }
    if let Some((jobs, credits)) = spent {
        notes.push(format!(
            "jobs accepted, or perhaps: {jobs}, {credits} credits at worst"
        ));
    }
    notes
}

/// Tells on standard error.
fn tell() -> Tell {
    Box::new(|line| {
        let _ = writeln!(anstream::stderr(), "{line}");
    })
}

/// How what was judged came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// As it should: by the program, or without one by the user.
    Itself,
    /// By the user, while the program ran.
    Interrupted,
}

/// Runs a program that reaches the proxy at `url`, and ends with it.
async fn run(
    program: &str,
    words: &[String],
    url: &str,
    stop: impl Future<Output = ()>,
    err: &mut (dyn Write + Send),
) -> Result<Ended, CliError> {
    let words = words.iter().map(|word| word.replace("{url}", url));
    let child = tokio::process::Command::new(program)
        .args(words)
        .env("CRUSTDATA_BASE_URL", url)
        .kill_on_drop(true)
        .spawn();
    let mut child = child.map_err(|error| CliError::unusable(program, &error))?;
    tokio::select! {
        ended = child.wait() => {
            let status = ended.map_err(|error| CliError::unusable(program, &error))?;
            if !status.success() {
                let _ = writeln!(err, "{program} ended with {status}");
            }
            Ok(Ended::Itself)
        }
        () = stop => Ok(Ended::Interrupted),
    }
}
