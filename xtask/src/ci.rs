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
const STEPS: [&str; 8] = [
    "cargo fmt --all --check",
    "cargo clippy --locked --workspace --all-targets -- -D warnings",
    "cargo xtask regen --check",
    "cargo deny --locked check --config .cargo/deny.toml",
    "RUSTDOCFLAGS=-Dwarnings cargo doc --locked --workspace --no-deps",
    // The registry has no version yet to compare with.
    "cargo semver-checks --package crustdata-batch --baseline-rev HEAD^",
    "cargo run --locked --quiet --release --package crustdata-conformance -- self-test",
    "cargo test",
];

/// Commands that cargo doesn't bring along. In CI they must be there.
const INSTALLED: [&str; 2] = ["deny", "semver-checks"];

/// Runs the verb. Exit code 1 means that a step failed.
pub(crate) fn run(root: &Path, arguments: &Arguments) -> ExitCode {
    if arguments.list {
        println!("{}", STEPS.join("\n"));
        return ExitCode::SUCCESS;
    }
    let mut summary = String::new();
    for step in STEPS {
        if is_missing(step) {
            eprintln!("skipped, since it is not installed: {step}");
            summary += &format!("skipped            {step}\n");
            continue;
        }
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

/// Whether a step can be left out because its command is not installed.
fn is_missing(step: &str) -> bool {
    let Some(name) = INSTALLED
        .iter()
        .find(|name| step.starts_with(&format!("cargo {name} ")))
    else {
        return false;
    };
    let version = cargo().args([name, "--version"]).output();
    std::env::var_os("CI").is_none() && !version.is_ok_and(|output| output.status.success())
}

fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

fn execute(root: &Path, step: &str) -> Result<(), String> {
    let mut words = step.split(' ');
    let mut command = cargo();
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
