//! The action for workflows of GitHub: the script that turns its inputs into flags, run as a workflow runs it.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crustdata_mock::{Clock, MockConfig, find};
use tempfile::TempDir;

use crate::process::{Printed, SECRET, conformance, printed};

/// The action itself.
pub(crate) const DEFINITION: &str = include_str!("../../../.github/actions/conformance/action.yml");

/// The files of a report.
pub(crate) const REPORTS: [&str; 5] = [
    "results.json",
    "junit.xml",
    "results.sarif",
    "report.html",
    "exchanges.ndjson",
];

/// Runs the script against a mock with these inputs; reports and the step's summary are in the directory.
pub(crate) async fn run(inputs: &[(&str, &str)]) -> (Printed, TempDir) {
    run_on(MockConfig::default(), SECRET, inputs).await
}

async fn run_on(config: MockConfig, key: &str, inputs: &[(&str, &str)]) -> (Printed, TempDir) {
    let mock = MockConfig {
        key: SECRET.to_owned(),
        clock: Clock::Ticking(Duration::from_secs(10)),
        ..config
    };
    let mock = mock.start().await.expect("the mock starts");
    let base_url = mock.base_url();
    let directory = tempfile::tempdir().expect("a directory can be made");
    let report = directory.path().join("report");
    let mut all = vec![
        ("base-url", base_url.as_str()),
        ("report", report.to_str().expect("it is text")),
        // What an input that is not set comes as.
        ("seed", ""),
        ("refusals", "50"),
        ("cases", "0"),
        ("strict", "false"),
    ];
    all.extend(inputs);
    let mut command = script();
    for (name, value) in all {
        assert!(DEFINITION.contains(&format!("\n  {name}:\n")), "{name}");
        command.env(variable(name), value);
    }
    command
        .env("CRUSTDATA_API_KEY", key)
        .env("GITHUB_STEP_SUMMARY", directory.path().join("summary.md"));
    let output = tokio::task::spawn_blocking(move || command.output());
    let output = output.await.expect("the script ends");
    (printed(output.expect("the script runs")), directory)
}

/// The script, with the binary under test in the place of an installed one.
fn script() -> Command {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.github/actions/conformance");
    let binary = Path::new(env!("CARGO_BIN_EXE_conformance"));
    let mut path = vec![binary.parent().expect("it is in a folder").to_owned()];
    path.extend(std::env::split_paths(
        &std::env::var_os("PATH").unwrap_or_default(),
    ));
    let mut command = Command::new(folder.join("check.sh"));
    command
        .env("PATH", std::env::join_paths(path).expect("it is a path"))
        .env_remove("GITHUB_STEP_SUMMARY");
    command
}

/// The variable that an input comes in.
fn variable(input: &str) -> String {
    format!("INPUT_{}", input.to_uppercase().replace('-', "_"))
}

#[tokio::test]
async fn reports_and_the_summary_are_written() {
    let only = "submit.status-pending\nreject.*\n";
    let (printed, directory) = run(&[("only", only), ("max-jobs", "1")]).await;
    assert_eq!(printed.code, 0, "{}{}", printed.out, printed.err);
    assert!(printed.out.contains("conformant"), "{}", printed.out);
    for name in REPORTS {
        assert!(
            directory.path().join("report").join(name).exists(),
            "{name}"
        );
    }
    let results = std::fs::read_to_string(directory.path().join("report/results.json"));
    assert!(!results.expect("it is there").contains("\"list.shape\""));
    let summary = std::fs::read_to_string(directory.path().join("summary.md"));
    assert!(summary.expect("it is there").contains("conformant"));
}

#[tokio::test]
async fn the_exit_code_is_that_of_the_run() {
    let (printed, _) = run(&[("only", "no.such-clause")]).await;
    assert_eq!(printed.code, 2, "{}", printed.err);
    let (printed, _) = run(&[("only", "submit.accepted"), ("require-all", "true")]).await;
    assert_eq!(printed.code, 3, "{}", printed.err);
    let (printed, _) = run(&[("strict", "yes")]).await;
    assert_eq!(printed.code, 2);
    assert!(
        printed.err.contains("--strict is neither true nor false"),
        "{}",
        printed.err
    );
}

/// The step fails, and its reports and its summary name the clause: both are kept.
#[tokio::test]
async fn a_violation_fails_the_step_and_is_in_what_it_keeps() {
    let config = MockConfig {
        faults: vec![find("missing-version-unauthorized").expect("there is such a fault")],
        ..MockConfig::default()
    };
    let (printed, directory) = run_on(config, SECRET, &[("only", "reject.*")]).await;
    assert_eq!(printed.code, 1, "{}{}", printed.out, printed.err);
    for path in ["summary.md", "report/results.json", "report/results.sarif"] {
        let text = std::fs::read_to_string(directory.path().join(path));
        assert!(
            text.expect("it is there")
                .contains("reject.missing-api-version"),
            "{path}"
        );
    }
}

/// An input that is not set comes as an empty variable, also that of the key: it is said, and nothing is sent.
#[tokio::test]
async fn a_missing_key_is_said() {
    let (printed, directory) = run_on(MockConfig::default(), "", &[]).await;
    assert_eq!(printed.code, 2, "{}{}", printed.out, printed.err);
    assert!(
        printed.err.contains("set CRUSTDATA_API_KEY"),
        "{}",
        printed.err
    );
    assert!(!directory.path().join("report").exists());
}

/// A workflow has one artifact of a name, and a commit one set of findings of a category: a second use needs others.
#[test]
fn a_second_use_can_keep_its_reports_too() {
    for key in ["name", "category"] {
        let line = format!("\n        {key}: ${{{{ inputs.artifact }}}}\n");
        assert!(DEFINITION.contains(&line), "{line}");
    }
}

/// Inputs that are no flag: the key, and what is done with the reports.
const NO_FLAGS: [&str; 3] = ["api-key", "sarif", "artifact"];

/// Each input reaches the script, which makes a flag of `run` of it, but for those that are none.
#[test]
fn inputs_are_flags() {
    let (_, inputs) = DEFINITION.split_once("\ninputs:\n").expect("it has inputs");
    let (inputs, steps) = inputs.split_once("\nruns:\n").expect("it has steps");
    let names = inputs
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.strip_suffix(':'))
        .filter(|name| !name.starts_with(' ') && !NO_FLAGS.contains(name));
    let script = std::fs::read_to_string(script().get_program()).expect("it is there");
    let help = conformance("run --help").out;
    let mut count = 0;
    for name in names {
        let variable = variable(name);
        let handed_over = format!("{variable}: ${{{{ inputs.{name} }}}}\n");
        assert!(steps.contains(&handed_over), "{handed_over}");
        let used = format!(" --{name} {variable}\n");
        assert!(script.contains(&used), "{used}");
        assert!(help.contains(&format!("--{name}")), "{name}");
        count += 1;
    }
    assert_eq!(count, script.matches(" INPUT_").count());
}
