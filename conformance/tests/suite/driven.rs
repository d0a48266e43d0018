//! Clients that are driven: what `conformance client` says of them, and with which exit code.

use std::process::Command;

use crustdata_conformance::scenarios::reference::{Mistake, prove};

use crate::process::{Printed, conformance};

#[tokio::test(flavor = "multi_thread")]
async fn each_mistake_is_named_by_its_clause_and_no_other() {
    // The self-test has all of them.
    let mistakes = [
        None,
        Some(Mistake::NoVersion),
        Some(Mistake::RetriesServerErrors),
        Some(Mistake::KeyAlongRedirects),
        Some(Mistake::FirstMember),
        Some(Mistake::OnlyOk),
    ];
    let rows = prove(&mistakes, |_| {}).await.expect("they are driven");
    assert_eq!(rows.len(), mistakes.len());
    for row in rows {
        assert!(row.is_right(), "{row:?}");
    }
}

#[test]
fn every_clause_has_two_mistakes() {
    for check in crustdata_conformance::checks::CLIENT_CHECKS {
        let mistakes = Mistake::ALL.iter().filter(|one| one.clause() == check.id);
        assert!(mistakes.count() >= 2, "{}", check.id);
    }
}

#[test]
fn a_command_that_fails_is_no_finding() {
    let printed = conformance("client -- false");
    assert_eq!(printed.code, 3, "{}", printed.err);
    assert!(printed.err.contains("plain"), "{}", printed.err);
}

#[test]
fn a_command_that_can_not_be_started_is_no_finding() {
    let printed = conformance("client -- ./no-such-program");
    assert_eq!(printed.code, 3, "{}", printed.err);
}

#[test]
fn a_clause_of_the_servers_is_none_of_a_clients() {
    let printed = conformance("client --only submit.accepted -- true");
    assert_eq!(printed.code, 2, "{}", printed.err);
}

/// All scenarios but those that take a minute.
const WITHOUT_WAITING: &str = "client --skip client.terminal --skip client.active-jobs";

/// Both at once, since they wait more than they work.
#[test]
fn the_samples_in_python_and_typescript_are_as_they_should_be() {
    std::thread::scope(|scope| {
        scope.spawn(|| sample("python3", "../docs/clients/client.py"));
        scope.spawn(|| sample("node", "../docs/clients/client.ts"));
    });
}

/// A runtime that is not installed, or can't run TypeScript, is no failure.
#[track_caller]
#[allow(clippy::print_stderr, reason = "a test that is left out says so")]
fn sample(runtime: &str, file: &str) {
    let check = match runtime {
        "node" => ["-e", "process.exit(process.features.typescript ? 0 : 1)"],
        _ => ["-c", ""],
    };
    let there = Command::new(runtime).args(check).output();
    if !there.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: there is no {runtime} here that can run {file}");
        return;
    }
    passes(&conformance(&format!(
        "{WITHOUT_WAITING} -- {runtime} {file}"
    )));
}

#[track_caller]
fn passes(printed: &Printed) {
    assert_eq!(printed.code, 0, "{}{}", printed.out, printed.err);
    assert!(printed.out.contains("12 pass"), "{}", printed.out);
}
