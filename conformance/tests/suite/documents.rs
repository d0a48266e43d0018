//! What is checked in and rendered by the program: the page of the clauses and the schema of the results.
//! `INSTA_UPDATE=always cargo test` renders both anew.

use std::path::{Path, PathBuf};

use crate::process::conformance;

/// A path from the root of the repository.
pub(crate) fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

/// Holds the file at `name`, from the root of the repository, against what it ought to be.
#[track_caller]
pub(crate) fn check(name: &str, expected: &str) {
    let path = path(name);
    if std::env::var_os("INSTA_UPDATE").is_some_and(|update| update == "always") {
        std::fs::write(&path, expected).expect("the file can be written");
    }
    let found = std::fs::read_to_string(&path).expect("the file is there");
    assert!(
        found == expected,
        "{} is out of date: run `INSTA_UPDATE=always cargo test`",
        path.display()
    );
}

#[test]
fn the_page_of_the_clauses() {
    check(
        "docs/clauses.md",
        &conformance("list --format markdown").out,
    );
}

#[test]
fn the_schema_of_the_results() {
    let schema = crustdata_conformance::results::json_schema();
    let text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
    check(
        "conformance/schema/results.schema.json",
        &format!("{text}\n"),
    );
}

#[test]
fn the_schema_of_the_vectors() {
    let schema = crustdata_conformance::vectors::json_schema();
    let text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
    check(
        "conformance/schema/vectors.schema.json",
        &format!("{text}\n"),
    );
}

/// Every flag that the guide for CI names is one of `run`.
#[test]
fn the_guide_for_ci_names_flags_that_exist() {
    let guide =
        std::fs::read_to_string(path("docs/github-actions.md")).expect("the guide is there");
    let help = conformance("run --help").out;
    let flags: Vec<&str> = guide
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
        .filter(|word| word.starts_with("--") && !word.starts_with("---"))
        .filter(|flag| !["--locked", "--git", "--path"].contains(flag))
        .collect();
    assert!(flags.contains(&"--report"), "{flags:?}");
    for flag in flags {
        assert!(help.contains(flag), "{flag}");
    }
}

#[test]
fn the_readmes_show_a_test_that_passes() {
    let (_, shown) = include_str!("your_code.rs")
        .split_once("\n\n")
        .expect("a header comes before the text");
    for name in ["client/README.md", "conformance/mock/README.md"] {
        let readme = std::fs::read_to_string(path(name)).expect("the file is there");
        assert!(
            readme.contains(shown),
            "{name} does not show conformance/tests/suite/your_code.rs word for word"
        );
    }
}

/// A build takes a minute, and `--quiet` hides that it goes on.
#[test]
fn the_first_command_of_a_fresh_clone_shows_how_the_build_goes_on() {
    let config = std::fs::read_to_string(path(".cargo/config.toml")).expect("it is there");
    let config: toml::Table = config.parse().expect("it is TOML");
    let alias = config["alias"]["conformance"]
        .as_str()
        .expect("it is there");
    assert!(alias.starts_with("run "), "{alias}");
    assert!(
        !alias.contains("--quiet") && !alias.contains("-q "),
        "{alias}"
    );
}
