//! The command line: one file a verb. Exit codes and what is said to people are in `exit` and `console`.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod console;
#[cfg(feature = "demo")]
mod demo;
mod doctor;
mod enrich;
mod exit;
mod input;
mod log_format;
mod look;
mod manual;
mod options;
mod place;
mod plan;
mod run;
mod signals;
mod webhook;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

/// Enriches lists of any length with Crustdata's Batch API, survives any crash, and never pays twice.
///
/// The key is in CRUSTDATA_API_KEY. Unofficial: not made, endorsed or supported by Crustdata.
///
/// Exit codes: 0 every row is answered, 1 some failed or have to be decided about, 2 usage, 3 can't go on (resumable),
/// 130 interrupted (resumable).
#[derive(Parser)]
#[command(
    name = "crustdata-bulk",
    version,
    max_term_width = 100,
    args_override_self = true
)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Enrich(enrich::Enrich),
    Plan(plan::Plan),
    Resume(enrich::Resume),
    Status(look::Status),
    Export(look::Export),
    Explain(look::Explain),
    Decide(look::Decide),
    Doctor(doctor::Doctor),
    #[cfg(feature = "demo")]
    Demo(demo::Demo),
    Completions(manual::Completions),
    Man(manual::Pages),
}

/// Runs what the arguments ask for.
pub(crate) fn main() -> ExitCode {
    let verb = Arguments::parse().verb;
    let format = match &verb {
        Verb::Enrich(verb) => verb.log_format(),
        Verb::Resume(verb) => verb.log_format(),
        _ => log_format::LogFormat::Text,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(run(verb)),
        Err(error) => Err(exit::Failure::stopped(&error)),
    };
    exit::code(outcome, format)
}

async fn run(verb: Verb) -> Result<exit::End, exit::Failure> {
    match verb {
        Verb::Enrich(verb) => verb.run().await,
        Verb::Plan(verb) => verb.run().await,
        Verb::Resume(verb) => verb.run().await,
        Verb::Status(verb) => verb.run(),
        Verb::Export(verb) => verb.run(),
        Verb::Explain(verb) => verb.run(),
        Verb::Decide(verb) => verb.run(),
        Verb::Doctor(verb) => verb.run().await,
        #[cfg(feature = "demo")]
        Verb::Demo(verb) => verb.run().await,
        Verb::Completions(verb) => verb.run(Arguments::command()),
        Verb::Man(verb) => verb.run(Arguments::command()),
    }
}
