//! The command line: one file a verb. Parses, calls the library, prints, and turns the outcome into an exit
//! code; nothing is decided about a server here.

mod client;
mod completions;
mod detection;
mod doctor;
mod error;
mod explain;
mod format;
mod judge;
mod list;
mod man;
mod plan;
mod program;
mod progress;
mod proxy;
mod reporting;
mod run;
mod select;
mod self_test;
mod sending;
mod serve;
mod signals;
mod vectors;

use std::io::Write;

use clap::{CommandFactory, Parser, Subcommand};

pub use error::CliError;

/// Checks any server of Crustdata's Batch API against its contract, clause by clause. Unofficial.
#[derive(Debug, Parser)]
#[command(
    name = "conformance",
    version,
    after_help = "Exit codes:
  0    no violation found; the verdict says how many clauses were judged, where not all were
  1    a clause is violated, a known failure is out of date, or the self-test found a gap
  2    usage: a bad flag or file, an unknown clause or fault, nothing selected, a report directory that can't be used
  3    inconclusive: the target can't be reached or is not this API, or a clause that had to be judged was not
  4    the suite itself failed
  130  interrupted: the request under way is finished, and the reports are written; a second Ctrl-C ends at once"
)]
pub struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Run(Box<run::Args>),
    Plan(Box<plan::Args>),
    Judge(Box<judge::Args>),
    Doctor(doctor::Args),
    Proxy(Box<proxy::Args>),
    List(list::Args),
    Explain(explain::Args),
    Client(client::Args),
    Vectors(vectors::Args),
    Serve(serve::Args),
    SelfTest(self_test::Args),
    Completions(completions::Args),
    Man(man::Args),
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
                Verb::Plan(args) => plan::plan(&args, out).await,
                Verb::Judge(args) => judge::judge(&args, out, err),
                Verb::Doctor(args) => doctor::doctor(&args, out).await,
                Verb::Proxy(args) => proxy::proxy(*args, out, err).await,
                Verb::List(args) => list::list(&args, out),
                Verb::Explain(args) => explain::explain(&args, out),
                Verb::Client(args) => client::client(args, out, err).await,
                Verb::Vectors(args) => vectors::vectors(&args, out),
                Verb::Serve(args) => serve::serve(args, out).await,
                Verb::SelfTest(args) => self_test::self_test(args, out).await,
                Verb::Completions(args) => completions::completions(&args, Self::command(), out),
                Verb::Man(args) => man::man(&args, Self::command(), out),
            }
        })
    }
}
