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
/// The quick ones come first. Each pins the versions of `Cargo.lock` but `cargo test`, which is what people type; it also
/// builds the example and the bulk tool that are driven as clients after it.
const STEPS: [&str; 15] = [
    "cargo fmt --all --check",
    "cargo clippy --locked --workspace --all-targets -- -D warnings",
    "cargo clippy --locked --package crustdata-batch --no-default-features -- -D warnings",
    "cargo xtask regen --check",
    "cargo xtask imports",
    "cargo deny --locked --config .cargo/deny.toml check",
    "RUSTDOCFLAGS=-Dwarnings cargo doc --locked --workspace --no-deps",
    "mdbook build docs",
    "cargo semver-checks --package crustdata-batch --baseline-rev {release}",
    "cargo test",
    "cargo run --locked --quiet --release --package crustdata-conformance -- self-test",
    "cargo run --locked --quiet --release --package crustdata-conformance -- client -- target/debug/examples/conformance",
    "cargo run --locked --quiet --release --package crustdata-conformance -- client -- python3 docs/clients/client.py",
    "cargo run --locked --quiet --release --package crustdata-conformance -- client -- node docs/clients/client.ts",
    "cargo run --locked --quiet --release --package crustdata-conformance -- client -- sh client/bulk/examples/conformance.sh target/debug/crustdata-bulk",
];

/// Commands that cargo doesn't bring along: their steps are left out where they are not installed. The workflow installs
/// them.
const INSTALLED: [&str; 2] = ["deny", "semver-checks"];

/// Builds the book, and is no command of cargo's. It may be missing, too, and the workflow installs it.
const BOOK: &str = "mdbook";

/// Tags of the client's releases; the last one takes the place of `{release}` in a step.
const RELEASES: &str = "crustdata-batch-v*";

/// Runs the verb. Exit code 1 means that a step failed.
pub(crate) fn run(root: &Path, arguments: &Arguments) -> ExitCode {
    if arguments.list {
        println!("{}", STEPS.join("\n"));
        return ExitCode::SUCCESS;
    }
    let mut summary = String::new();
    for step in STEPS {
        if let Some(reason) = left_out(root, step) {
            eprintln!("skipped, since {reason}: {step}");
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

/// Why a step is left out, if it is.
fn left_out(root: &Path, step: &str) -> Option<&'static str> {
    if let Some((_, client)) = step.split_once(" client -- ") {
        return can_not_run(root, client).then_some("its runtime is not installed");
    }
    if step.starts_with(BOOK) {
        return fails(Command::new(BOOK).arg("--version")).then_some("it is not installed");
    }
    let name = INSTALLED
        .iter()
        .find(|name| step.starts_with(&format!("cargo {name} ")))?;
    if fails(cargo().args([name, "--version"])) {
        return Some("it is not installed");
    }
    (step.contains("{release}") && last_release(root).is_none())
        .then_some("there is no release to compare with")
}

/// Whether this command is of a runtime that is not there, or can't run TypeScript.
fn can_not_run(root: &Path, client: &str) -> bool {
    let check: &[&str] = match client.split(' ').next().unwrap_or_default() {
        "python3" => &["python3", "--version"],
        "node" => &[
            "node",
            "-e",
            "process.exit(process.features.typescript ? 0 : 1)",
        ],
        _ => return false,
    };
    let [program, arguments @ ..] = check else {
        return false;
    };
    fails(Command::new(program).args(arguments).current_dir(root))
}

/// Whether the command can't be run, or fails.
fn fails(command: &mut Command) -> bool {
    let output = command.output();
    !output.is_ok_and(|output| output.status.success())
}

/// The tag of the client's last release.
fn last_release(root: &Path) -> Option<String> {
    let mut git = Command::new("git");
    git.args(["describe", "--tags", "--abbrev=0", "--match", RELEASES]);
    let output = git.current_dir(root).output().ok()?;
    let tag = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !tag.trim().is_empty()).then(|| tag.trim().to_owned())
}

fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

fn execute(root: &Path, step: &str) -> Result<(), String> {
    let mut words = step.split(' ');
    if let Some(arguments) = step.strip_prefix(BOOK) {
        return finished(Command::new(BOOK).args(arguments.split_whitespace()), root);
    }
    let mut command = cargo();
    for word in words.by_ref().take_while(|word| *word != "cargo") {
        if let Some((name, value)) = word.split_once('=') {
            command.env(name, value);
        }
    }
    let release = last_release(root).unwrap_or_default();
    command.args(words.map(|word| word.replace("{release}", &release)));
    finished(&mut command, root)
}

/// Runs a command to its end.
fn finished(command: &mut Command, root: &Path) -> Result<(), String> {
    match command.current_dir(root).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("a step failed ({status})")),
        Err(error) => Err(format!("a step could not be started ({error})")),
    }
}
