//! `cargo xtask ci`: the steps of CI, in the only place where they are written down.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

use crate::cargo;

/// Runs what CI runs, and stops at the first failure.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Print the steps, run nothing.
    #[arg(long)]
    list: bool,
}

/// Commands, after environment variables as a shell takes them.
///
/// The quick ones come first. Each pins the versions of `Cargo.lock` but `cargo test`, which is what people type; it also
/// builds the example and the bulk tool that are driven as clients after it. Packages are built in
/// a new folder each time, since cargo takes one of the same version for the same, whatever has changed in it; and without the
/// workspace's profiles: with the variable, in less time.
const STEPS: [&str; 20] = [
    "cargo fmt --all --check",
    "actionlint",
    "zizmor --offline .github",
    "cargo clippy --locked --workspace --all-targets -- -D warnings",
    "cargo clippy --locked --package crustdata-batch --no-default-features -- -D warnings",
    "cargo xtask regen --check",
    "cargo xtask imports",
    "cargo deny --locked --config .cargo/deny.toml check",
    "RUSTDOCFLAGS=-Dwarnings cargo doc --locked --workspace --no-deps --all-features",
    "mdbook build docs",
    "cargo hack check --locked --workspace --exclude xtask --feature-powerset --depth 2 --lib --bins",
    "cargo minimal-versions check --direct --workspace --all-features",
    "cargo semver-checks --package crustdata-batch --package crustdata-mock --package crustdata-bulk --baseline-rev {release}",
    "CARGO_PROFILE_DEV_DEBUG=false cargo publish --locked --workspace --dry-run --allow-dirty --target-dir {new-folder}",
    "cargo test",
    "cargo run --locked --quiet --release --package crustdata-conformance -- self-test",
    "cargo run --locked --quiet --release --package crustdata-conformance -- client -- target/debug/examples/conformance",
    "cargo run --locked --quiet --release --package crustdata-conformance -- client -- python3 docs/clients/client.py",
    "cargo run --locked --quiet --release --package crustdata-conformance -- client -- node docs/clients/client.ts",
    "cargo run --locked --quiet --release --package crustdata-conformance -- client -- sh client/bulk/examples/conformance.sh target/debug/crustdata-bulk",
];

/// Commands that Rust doesn't bring along: their steps are left out where they are not installed. The workflow installs
/// them.
const INSTALLED: [&str; 7] = [
    "actionlint",
    "cargo deny",
    "cargo hack",
    "cargo minimal-versions",
    "cargo semver-checks",
    "mdbook",
    "zizmor",
];

/// Tags of the releases; the last one takes the place of `{release}` in a step.
const RELEASES: &str = "v*";

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
    let name = INSTALLED
        .iter()
        .find(|name| format!("{step} ").starts_with(&format!("{name} ")))?;
    let (mut program, words) = command(name)?;
    let version = program.args(words).arg("--version").output();
    if !version.is_ok_and(|output| output.status.success()) {
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
    let output = Command::new(program)
        .args(arguments)
        .current_dir(root)
        .output();
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

/// The program of a step without environment variables, and its arguments.
fn command(step: &str) -> Option<(Command, impl Iterator<Item = &str>)> {
    let mut words = step.split(' ');
    let program = match words.next()? {
        "cargo" => cargo::command(),
        other => Command::new(other),
    };
    Some((program, words))
}

fn execute(root: &Path, step: &str) -> Result<(), String> {
    let is_variable = |word: &&str| word.contains('=') && !word.starts_with('-');
    let variables: Vec<&str> = step.split(' ').take_while(is_variable).collect();
    let rest = step.split(' ').skip(variables.len());
    let rest = rest.collect::<Vec<_>>().join(" ");
    let Some((mut command, words)) = command(&rest) else {
        return Err("a step is empty".to_owned());
    };
    command.envs(variables.iter().filter_map(|word| word.split_once('=')));
    let release = last_release(root).unwrap_or_default();
    let folder = tempfile::tempdir().map_err(|error| format!("there is no new folder: {error}"))?;
    for word in words {
        match word {
            "{new-folder}" => command.arg(folder.path()),
            word => command.arg(word.replace("{release}", &release)),
        };
    }
    match command.current_dir(root).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("a step failed ({status})")),
        Err(error) => Err(format!("a step could not be started ({error})")),
    }
}
