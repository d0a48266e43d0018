//! `cargo xtask`: the project's own chores. Only dispatches; each verb has its file.

#![allow(clippy::print_stdout, clippy::print_stderr)] // A command line prints.

mod cargo;
mod ci;
mod dist;
mod drift;
mod files;
mod imports;
mod members;
mod pointer;
mod regen;
mod release;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The project's own chores.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    /// The workspace to work on.
    #[arg(long, global = true, value_name = "DIR", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/.."), hide_default_value = true)]
    root: PathBuf,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Regen(regen::Arguments),
    Drift(drift::Arguments),
    Imports(imports::Arguments),
    Ci(ci::Arguments),
    Release(release::Arguments),
    Dist(dist::Arguments),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.verb {
        Verb::Regen(verb) => regen::run(&arguments.root, &verb),
        Verb::Drift(verb) => drift::run(&arguments.root, &verb),
        Verb::Imports(verb) => imports::run(&arguments.root, &verb),
        Verb::Ci(verb) => ci::run(&arguments.root, &verb),
        Verb::Release(verb) => release::run(&arguments.root, &verb),
        Verb::Dist(verb) => dist::run(&arguments.root, &verb),
    }
}
