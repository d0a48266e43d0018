//! The guide for CI, carried out: its commands are taken out of the page and run, its files are read.

use std::path::Path;
use std::process::Command;

use crustdata_conformance::known::KnownFailures;
use crustdata_mock::MockConfig;

use crate::action;
use crate::external::run_on;

const GUIDE: &str = include_str!("../../../docs/github-actions.md");

/// The code blocks in this language.
fn blocks(language: &str) -> Vec<&'static str> {
    let blocks = GUIDE.split("\n```").skip(1).step_by(2);
    let block = blocks.filter_map(|block| block.strip_prefix(language)?.strip_prefix('\n'));
    block.collect()
}

/// The commands in a block that begin with `words`, each on one line.
fn commands(block: &str, words: &str) -> Vec<String> {
    let lines: Vec<&str> = block.lines().map(str::trim).collect();
    let mut commands = Vec::new();
    for (n, line) in lines.iter().enumerate() {
        let Some((_, command)) = line.split_once(words) else {
            continue;
        };
        let flags = lines[n + 1..]
            .iter()
            .take_while(|line| line.starts_with("--"));
        let flags: Vec<&str> = flags.copied().collect();
        commands.push(format!("{words}{command} {}", flags.join(" ")));
    }
    commands
}

#[tokio::test]
async fn the_workflow_of_gitlab_runs_and_keeps_the_reports_where_they_are_written() {
    let workflow = blocks("yaml")[1];
    let runs = commands(workflow, "conformance run");
    assert_eq!(runs.len(), 1, "{runs:?}");
    let words: Vec<&str> = runs[0].split_whitespace().skip(1).collect();
    let at = |flag: &str| {
        let at = words.iter().position(|word| *word == flag);
        at.unwrap_or_else(|| panic!("no {flag} in {words:?}"))
    };
    let kept = words[at("--report") + 1];
    assert!(workflow.contains(&format!("paths: [{kept}]")));

    let directory = tempfile::tempdir().expect("a directory can be made");
    let report = directory.path().join(kept);
    let base_url = at("--base-url");
    let args: Vec<&str> = (words.iter().enumerate())
        .filter(|(n, _)| ![base_url, base_url + 1].contains(n))
        .map(|(_, word)| match *word == kept {
            true => report.to_str().expect("it is text"),
            false => word,
        })
        .collect();
    let (printed, _) = run_on(MockConfig::default(), &args.join(" ")).await;
    assert_eq!(printed.code, 0, "{}{}", printed.out, printed.err);
    for name in action::REPORTS {
        assert!(report.join(name).exists(), "{name}");
        assert!(GUIDE.contains(&format!("| `{name}` |")), "{name}");
    }
}

/// What the workflow of GitHub gives to the action are inputs of it, and it runs with them.
#[tokio::test]
async fn the_workflow_of_github_runs() {
    let workflow = blocks("yaml")[0];
    let (_, with) = workflow
        .split_once("- uses: ./.github/actions/conformance ")
        .and_then(|(_, action)| action.split_once("\n        with:\n"))
        .expect("it uses the action");
    let inputs = with
        .lines()
        .filter_map(|line| line.trim().split_once(": "))
        .filter(|(name, _)| !["base-url", "api-key"].contains(name));
    let (printed, report) = action::run(&inputs.collect::<Vec<_>>()).await;
    assert_eq!(printed.code, 0, "{}{}", printed.out, printed.err);
    assert!(report.path().join("report/results.json").exists());
}

/// What the workflow of GitHub takes from others is pinned as it is here: linters of a copy refuse what is not.
#[test]
fn the_workflow_of_github_pins_what_it_uses() {
    let here = include_str!("../../../.github/workflows/ci.yml");
    let uses = blocks("yaml")[0]
        .lines()
        .filter(|line| line.contains("- uses: ") && !line.contains("- uses: ./"));
    let mut count = 0;
    for line in uses {
        assert!(here.contains(&format!("{line}\n")), "{line}");
        count += 1;
    }
    assert_eq!(count, 1);
}

/// What is installed is there, under the name that is called afterwards: cargo is asked, and builds nothing.
#[test]
fn the_workflows_install_what_they_call() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (text, path) in [
        (blocks("yaml")[1], "conformance "),
        (
            action::DEFINITION,
            "\"$GITHUB_ACTION_PATH/../../../conformance\" ",
        ),
    ] {
        let installs = commands(text, "cargo install");
        assert_eq!(installs, [format!("cargo install --locked --path {path}")]);
        let output = Command::new(env!("CARGO"))
            .current_dir(&root)
            .args([
                "metadata",
                "--no-deps",
                "--offline",
                "--format-version",
                "1",
            ])
            .args(["--manifest-path", "conformance/Cargo.toml"])
            .output()
            .expect("cargo runs");
        let metadata: serde_json::Value =
            serde_json::from_slice(&output.stdout).expect("it is JSON");
        let packages = metadata["packages"].as_array().expect("there are packages");
        let targets = packages
            .iter()
            .flat_map(|package| package["targets"].as_array());
        let binary = |target: &serde_json::Value| {
            target["name"] == "conformance" && target["kind"][0] == "bin"
        };
        assert!(targets.flatten().any(binary));
    }
}

#[test]
fn the_list_of_known_failures_is_one() {
    let lists = blocks("toml");
    assert_eq!(lists.len(), 1);
    let list = KnownFailures::parse(lists[0]).expect("it can be read");
    assert!(list.get("submit.status-pending").is_some());
}
