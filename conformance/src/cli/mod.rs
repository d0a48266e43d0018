//! The command line: one file a verb. Parses, calls the library, prints, and turns the outcome into an exit
//! code; nothing is decided about a server here.

mod explain;
mod list;
mod plan;
mod progress;
mod run;
mod select;
mod self_test;
mod serve;

use std::io::Write;

use clap::{Parser, Subcommand};

/// Checks any server of Crustdata's Batch API against its contract, clause by clause. Unofficial.
#[derive(Debug, Parser)]
#[command(
    name = "conformance",
    version,
    after_help = "Exit codes:
  0    conformant
  1    a clause is violated, a known failure is out of date, or the self-test found a gap
  2    usage: a bad flag or file, an unknown clause or fault, nothing selected, a report directory that can't be used
  3    inconclusive: the target can't be reached, or the run ended before a required check could be judged
  4    the suite itself failed
  130  interrupted"
)]
pub struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Run(Box<run::Args>),
    Plan(Box<plan::Args>),
    List(list::Args),
    Explain(explain::Args),
    Serve(serve::Args),
    SelfTest(self_test::Args),
}

/// Why a verb did not get to a verdict.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// What was asked for makes no sense.
    #[error("{0}")]
    Usage(String),
    /// The suite failed, not the target.
    #[error("{0}")]
    Suite(
        String,
        #[source] Option<Box<dyn std::error::Error + Send + Sync>>,
    ),
}

impl CliError {
    /// A failure of the suite, with its cause.
    fn suite(what: &str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Suite(what.to_owned(), Some(source.into()))
    }

    /// What was asked for with `flag` can't be used, with the causes.
    fn unusable(flag: &str, error: &dyn std::error::Error) -> Self {
        let mut text = format!("{flag}: {error}");
        let mut source = error.source();
        while let Some(inner) = source {
            text += &format!(": {inner}");
            source = inner.source();
        }
        Self::Usage(text)
    }

    /// The exit code.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Suite(..) => 4,
        }
    }
}

impl Cli {
    /// Carries out the verb and returns the exit code. Reports go to `out`, all else to `err`.
    ///
    /// # Errors
    ///
    /// When there is no verdict to report.
    pub fn execute(
        self,
        out: &mut dyn Write,
        err: &mut (dyn Write + Send),
    ) -> Result<u8, CliError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(|error| CliError::suite("the async runtime can't be started", error))?;
        runtime.block_on(async {
            match self.verb {
                Verb::Run(args) => run::run(*args, out, err).await,
                Verb::Plan(args) => plan::plan(&args, out),
                Verb::List(args) => list::list(&args, out),
                Verb::Explain(args) => explain::explain(&args, out),
                Verb::Serve(args) => serve::serve(args, out).await,
                Verb::SelfTest(args) => self_test::self_test(args, out).await,
            }
        })
    }
}

/// How the suite was called: by cargo from its repository, or as a program.
fn program() -> String {
    let by_cargo =
        std::env::var_os("CARGO_PKG_NAME").is_some_and(|package| package == env!("CARGO_PKG_NAME"));
    if by_cargo {
        return "cargo conformance".to_owned();
    }
    let called = std::env::args().next();
    let quoted = called.and_then(|called| Some(shlex::try_quote(&called).ok()?.into_owned()));
    quoted.unwrap_or_else(|| "conformance".to_owned())
}

/// Ready when the user or the system asks the process to end. Listens from the call on, not from the first poll.
#[cfg(unix)]
fn interrupted() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let listening = [SignalKind::interrupt(), SignalKind::terminate()].map(signal);
    async move {
        let [mut interrupt, mut terminate] = listening.map(Result::ok);
        let one = async |signal: &mut Option<tokio::signal::unix::Signal>| match signal {
            Some(signal) => signal.recv().await,
            None => std::future::pending().await,
        };
        tokio::select! {
            _ = one(&mut interrupt) => {}
            _ = one(&mut terminate) => {}
        }
    }
}

/// Ready when the user asks the process to end.
#[cfg(not(unix))]
async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// A report that can't be written because its reader has gone is no failure; any other is.
fn written(result: std::io::Result<()>) -> Result<(), CliError> {
    match result {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(CliError::suite("the report can't be written", error))
        }
        _ => Ok(()),
    }
}
