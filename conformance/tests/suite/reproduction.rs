//! The lines that bring a finding back: a sample of them here, each of them in `self-test`.

use std::collections::HashSet;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::Value;

use crate::process::{command, conformance, json, printed};
use crate::signals::pasted;

/// Runs the self-test on the faults with these names, whose lines must all bring their finding back.
#[track_caller]
fn check(names: &[&str], flags: &str) {
    let faults: Vec<String> = names.iter().map(|name| format!("--fault {name}")).collect();
    let printed = conformance(&format!("self-test {flags} {}", faults.join(" ")));
    assert_eq!(printed.code, 0, "{}{}", printed.out, printed.err);
    let told = printed.out.lines().last().expect("it prints lines");
    let (back, rest) = told.split_once(" of ").expect("it gives two figures");
    assert!(
        back != "0" && rest.starts_with(&format!("{back} printed lines")),
        "{told}"
    );
}

/// A fault for each family of clauses: the first that breaks one of them.
#[test]
fn on_the_embedded_mock() {
    let mut families = HashSet::new();
    let is_first = |fault: &&crustdata_mock::Fault| {
        let family = |clause: &&'static str| clause.split('.').next();
        families.insert(fault.breaks.first().and_then(family))
    };
    let names: Vec<&str> = crustdata_mock::faults()
        .filter(is_first)
        .map(|fault| fault.name)
        .collect();
    assert!(names.len() > 5, "{names:?}");
    check(&names, "--cases 8");
}

/// One of each kind that the clause's own probes did not bring back: each needs something to compare with, or a history.
#[test]
fn of_clauses_that_need_a_history() {
    let names = [
        "refuses-string-identifiers",
        "job-readable-when-final",
        "list-second-page-reversed",
        "list-filter-for-final-ignored",
        "rate-remaining-negative",
    ];
    check(&names, "--cases 0");
}

#[test]
fn on_an_external_target() {
    let names = [
        "entity-company",
        "refuses-webhook",
        "clamps-chunk-size",
        "list-cursor-ignored",
        "result-count-one-more",
        "job-not-found-when-large",
    ];
    check(&names, "--external --cases 8");
}

/// What a user does with the lines: each is given to a shell's word splitting, or to a shell.
#[test]
fn the_lines_work_as_they_stand() {
    let results = json(&conformance(
        "run --seed 1 --cases 0 --fault entity-company --format json",
    ));
    let checks = results["checks"].as_array().expect("there are checks");
    let finding = checks.iter().flat_map(|check| check["findings"].as_array());
    let finding = finding.flatten().next().expect("there is a finding");
    let line = |key: &str| finding[key].as_str().expect("it has this line").to_owned();

    let run = line("run");
    let args = run
        .strip_prefix("cargo conformance ")
        .expect("cargo runs the tests");
    let again = conformance(args);
    assert_eq!(again.code, 1, "{}", again.out);
    assert!(again.out.contains("\nFAIL submit.entity"), "{}", again.out);

    let serve = line("serve");
    let args = serve
        .strip_prefix("cargo conformance ")
        .expect("cargo runs the tests");
    // Another test may have the port.
    let mut child = command(&args.replace("127.0.0.1:8080", "127.0.0.1:0"))
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut first = String::new();
    BufReader::new(child.stdout.take().expect("it is piped"))
        .read_line(&mut first)
        .expect("it prints a line");
    let base = first
        .strip_prefix("listening on ")
        .and_then(|rest| rest.split_once(','))
        .map(|(base, _)| base)
        .expect("it says where it listens");
    let response = pasted(&line("curl").replace("http://127.0.0.1:8080", base));
    let response: Value = serde_json::from_str(&response).expect("the response is JSON");
    assert_eq!(response["entity"], "company");
    child.kill().expect("it runs");
    child.wait().expect("it ends");
}

/// Outside cargo the program is called as it was.
#[test]
fn an_installed_program_is_called_by_its_name() {
    let mut command = command("run --seed 1 --cases 0 --only submit.entity --fault entity-company");
    command.env_remove("CARGO_PKG_NAME");
    let printed = printed(command.output().expect("the binary runs"));
    let line = format!(
        "  {} run --only submit.entity --seed 1 --cases 0 --refusals 200 --fault entity-company\n",
        env!("CARGO_BIN_EXE_conformance")
    );
    assert!(printed.out.contains(&line), "{}", printed.out);
}

/// A link whose signature is masked opens nothing, and a mock that has gone has taken its jobs along.
#[test]
fn there_is_no_curl_line_for_what_has_gone() {
    for fault in ["result-count-one-more", "completed-then-pending-when-large"] {
        let printed = conformance(&format!("run --seed 1 --cases 0 --fault {fault}"));
        assert_eq!(printed.code, 1, "{}", printed.err);
        assert!(!printed.out.contains("curl "), "{}", printed.out);
        assert!(
            printed.out.contains("  cargo conformance run --only "),
            "{}",
            printed.out
        );
    }
}
