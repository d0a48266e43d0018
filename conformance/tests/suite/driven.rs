//! Clients that are driven: what `conformance client` says of them, and with which exit code.

use crustdata_conformance::scenarios::SCENARIOS;
use crustdata_conformance::scenarios::reference::{Mistake, prove};

use crate::process::{command, conformance, printed};

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
    let silent = conformance("client -- false");
    assert_eq!(silent.code, 3, "{}", silent.err);
    assert!(silent.out.contains("plain"), "{}", silent.out);
    let mut client = command("client --");
    client.args(["sh", "-c", "echo no idea >&2; exit 1"]);
    let printed = printed(client.output().expect("the binary runs"));
    let says = "saying: no idea; make it work";
    assert!(printed.out.contains(says), "{}", printed.out);
}

#[test]
fn a_command_that_can_not_be_started_is_no_finding() {
    let printed = conformance("client -- ./no-such-program");
    assert_eq!(printed.code, 3, "{}", printed.err);
    assert!(printed.out.contains("can't be started"), "{}", printed.out);
    // Nor for programs.
    let directory = tempfile::tempdir().unwrap();
    let report = directory.path().display();
    let call = format!("client --format json --report {report} -- ./no-such-program");
    let printed = conformance(&call);
    let written = std::fs::read_to_string(directory.path().join("results.json")).unwrap();
    for json in [printed.out, written] {
        let results: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(results["verdict"], "inconclusive");
        assert!(results["stopped"].is_string(), "{json}");
        let mut checks = results["checks"].as_array().unwrap().iter();
        assert!(
            checks.all(|check| check["status"] == "untestable"),
            "{json}"
        );
    }
}

#[test]
fn a_clause_of_the_servers_is_none_of_a_clients() {
    let printed = conformance("client --only submit.accepted -- true");
    assert_eq!(printed.code, 2, "{}", printed.err);
}

/// Whether the API takes a packed request is open: it is no finding that the mock does not.
#[test]
fn a_packed_submission_is_not_judged() {
    let mut client = command("client --scenario plain --");
    let submit = r#"curl -sf "$CRUSTDATA_BASE_URL/batch/person/contact/enrich" --data-binary packed \
        -H "Authorization: Bearer $CRUSTDATA_API_KEY" -H 'x-api-version: 2025-11-01' -H 'Content-Encoding: gzip'"#;
    client.args(["sh", "-c", submit]);
    let printed = printed(client.output().expect("the binary runs"));
    assert_eq!(printed.code, 3, "{}{}", printed.out, printed.err);
    assert!(printed.out.contains("status: 22"), "{}", printed.out);
}

/// A directory where the records belong is as good as none, and takes no other finding away.
#[cfg(unix)]
#[test]
fn what_a_client_writes_that_is_no_file_is_not_read() {
    let mut client = command("client --only client.all-identifiers --scenario plain --");
    client.args(["sh", "-c", r#"mkdir "$CONFORMANCE_OUTPUT""#]);
    let printed = printed(client.output().expect("the binary runs"));
    assert_eq!(printed.code, 1, "{}", printed.err);
}

/// What a client violates that says that it worked, and does nothing; and how it ended in each scenario.
const VERBOSE: &str = "--only client.all-identifiers --verbose";

#[test]
fn scenarios_are_played_by_name() {
    let printed = conformance(&format!("client {VERBOSE} --scenario two-jobs -- true"));
    assert_eq!(printed.code, 1, "{}", printed.err);
    let played: Vec<&str> = (printed.out.lines())
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert_eq!(played, ["plain", "two-jobs"]);

    let printed = conformance(&format!("client {VERBOSE} --scenario two-job -- true"));
    assert_eq!(printed.code, 2, "{}", printed.out);
    assert!(printed.err.contains("`two-jobs`"), "{}", printed.err);
    let listed = conformance("list --scenarios");
    assert_eq!(listed.out.lines().count(), SCENARIOS.len());
}

#[test]
fn a_finding_is_brought_back_by_its_scenario() {
    let call = "client --only client.all-identifiers --format json -- true";
    let results: serde_json::Value = serde_json::from_str(&conformance(call).out).unwrap();
    let findings = results["checks"][0]["findings"].as_array().unwrap();
    let last = findings.last().unwrap();
    let run = last["run"].as_str().unwrap();
    let (_, again) = run.split_once(" client ").unwrap();
    assert!(again.contains("--scenario "), "{run}");
    let printed = conformance(&format!("client --format json {again}"));
    assert_eq!(printed.code, 1, "{}", printed.err);
    let results: serde_json::Value = serde_json::from_str(&printed.out).unwrap();
    let back = results["checks"][0]["findings"].as_array().unwrap();
    assert!(back.iter().any(|finding| finding["got"] == last["got"]));
    assert!(back.len() <= 2, "the plain one and it are played: {back:?}");
}
