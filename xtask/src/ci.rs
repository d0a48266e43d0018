//! `cargo xtask ci`: the steps of CI, in the only place where they are written down.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

/// Runs what CI runs, and stops at the first failure.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Print the steps, run nothing.
    #[arg(long)]
    list: bool,
}

/// Arguments of cargo, after environment variables as a shell takes them.
///
/// The quick ones come first. Each pins the versions of `Cargo.lock` but the last, which is what people type.
const STEPS: [&str; 6] = [
    "cargo fmt --all --check",
    "cargo clippy --locked --workspace --all-targets -- -D warnings",
    "cargo xtask regen --check",
    "RUSTDOCFLAGS=-Dwarnings cargo doc --locked --workspace --no-deps",
    "cargo run --locked --quiet --release --package crustdata-conformance -- self-test",
    "cargo test",
];

/// Runs the verb. Exit code 1 means that a step failed.
pub(crate) fn run(root: &Path, arguments: &Arguments) -> ExitCode {
    if arguments.list {
        println!("{}", STEPS.join("\n"));
        return ExitCode::SUCCESS;
    }
    let mut summary = String::new();
    for step in STEPS {
        eprintln!("$ {step}");
        let start = Instant::now();
        let outcome = execute(root, step);
        let seconds = start.elapsed().as_secs_f64();
        let mark = if outcome.is_ok() { "ok" } else { "FAILED" };
        summary += &format!("{mark:>6} {seconds:7.1} s  {step}\n");
        if let Err(problem) = outcome {
            eprintln!("\n{summary}\nerror: {problem}: {step}");
            return ExitCode::FAILURE;
        }
    }
    eprintln!("\n{summary}");
    ExitCode::SUCCESS
}

fn execute(root: &Path, step: &str) -> Result<(), String> {
    let mut words = step.split(' ');
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for word in words.by_ref().take_while(|word| *word != "cargo") {
        if let Some((name, value)) = word.split_once('=') {
            command.env(name, value);
        }
    }
    match command.args(words).current_dir(root).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("a step failed ({status})")),
        Err(error) => Err(format!("a step could not be started ({error})")),
    }
}
