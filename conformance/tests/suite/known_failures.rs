//! The list of known failures, through the binary; its clock, through the library.

use chrono::{DateTime, Utc};
use crustdata_conformance::checks;
use crustdata_conformance::embedded;
use crustdata_conformance::known::KnownFailures;
use crustdata_conformance::results::{Results, Rules, Stale, Status, Verdict};
use crustdata_conformance::runner::RunConfig;

use crate::process::{Printed, conformance, json, with_status};

/// A fault, and the clause that it breaks.
const FAULT: &str = "entity-company";
const CLAUSE: &str = "submit.entity";

fn run(list: &str, args: &str) -> Printed {
    let file = tempfile::NamedTempFile::new().expect("a file can be made");
    std::fs::write(file.path(), list).expect("it can be written");
    let path = file.path().display();
    conformance(&format!(
        "run --seed 1 --cases 0 --known-failures {path} {args}"
    ))
}

#[test]
fn a_known_failure_still_runs_and_does_not_fail() {
    let list = "[submit.entity]\nreason = 'TICKET-17'\nexpires = 2999-12-31\n";
    let printed = run(list, &format!("--fault {FAULT} --format json"));
    assert_eq!(printed.code, 0, "{}", printed.err);
    let results = json(&printed);
    assert_eq!(with_status(&results, "known"), [CLAUSE]);
    assert!(with_status(&results, "fail").is_empty());
    let checks = results["checks"].as_array().expect("there are checks");
    let check = checks.iter().find(|check| check["id"] == CLAUSE);
    let check = check.expect("it was selected");
    assert_eq!(check["known"]["reason"], "TICKET-17");
    assert_eq!(check["known"]["expires"], "2999-12-31");
    assert_eq!(check["findings"].as_array().map(Vec::len), Some(1));
}

#[test]
fn other_failures_still_count() {
    let list = "[submit.action]\nreason = 'another one'\n";
    let printed = run(list, "--fault entity-company --fault action-enrich");
    assert_eq!(printed.code, 1, "{}", printed.err);
    assert!(
        printed.out.contains("\nFAIL submit.entity"),
        "{}",
        printed.out
    );
    assert!(
        !printed.out.contains("FAIL submit.action"),
        "{}",
        printed.out
    );
}

#[test]
fn entries_that_are_out_of_date() {
    let list = "[submit.entity]\nreason = 'was violated'\n\n[submit.action]\nreason = 'for a while'\nexpires = 2020-02-29\n";
    let printed = run(list, "--only submit.* --fault action-enrich");
    assert_eq!(printed.code, 1, "{}", printed.err);
    crate::snapshots::assert_stable!("known_failures_out_of_date", printed.out);
}

#[test]
fn a_clause_that_is_not_selected_is_left_alone() {
    let list = "[submit.entity]\nreason = 'was violated'\n";
    assert_eq!(run(list, "--only reject.*").code, 0);
}

#[test]
fn lists_that_are_none() {
    let lists = [
        (
            "an unknown clause",
            "# one\n[submit.entity]\nreason = 'x'\n\n[submit.entty]\nreason = 'y'\n",
        ),
        ("an unknown group", "[summit.entity]\nreason = 'x'\n"),
        (
            "an unknown key",
            "[submit.entity]\nreason = 'x'\nexpire = 2030-01-01\n",
        ),
        ("no reason", "[submit.entity]\nexpires = 2030-01-01\n"),
        ("an empty reason", "[submit.entity]\nreason = ' '\n"),
        (
            "a time",
            "[submit.entity]\nreason = 'x'\nexpires = 2030-01-01T12:00:00Z\n",
        ),
        (
            "a day that does not exist",
            "[submit.entity]\nreason = 'x'\nexpires = 2030-02-30\n",
        ),
        (
            "a day in quotes",
            "[submit.entity]\nreason = 'x'\nexpires = '2030-01-01'\n",
        ),
        ("not TOML", "submit.entity: x\n"),
        (
            "the same clause twice",
            "[submit.entity]\nreason = 'x'\n[submit.entity]\nreason = 'y'\n",
        ),
        ("a clause in quotes", "['submit.entity']\nreason = 'x'\n"),
        ("a reason alone", "'submit.entity' = 'x'\n"),
        (
            "a list of tables",
            "[[failure]]\nclause = 'submit.entity'\n",
        ),
    ];
    let texts: Vec<String> = lists
        .iter()
        .map(|(what, list)| {
            let printed = run(list, "");
            assert_eq!(printed.code, 2, "{what}: {}", printed.err);
            assert_eq!(printed.out, "", "{what}");
            format!("{what}\n{}", printed.err)
        })
        .collect();
    insta::with_settings!({filters => vec![(r"--known-failures \S+:", "--known-failures [file]:")]}, {
        insta::assert_snapshot!("known_failures_errors", texts.join("\n"));
    });
    let missing = conformance("run --known-failures /nowhere/known.toml");
    assert_eq!(missing.code, 2);
    assert!(
        missing.err.contains("/nowhere/known.toml"),
        "{}",
        missing.err
    );
}

async fn on(day: &str) -> Results {
    let config = RunConfig {
        checks: vec![checks::find(CLAUSE).expect("the clause exists")],
        refusals: Some(50),
        faults: vec![crustdata_mock::find(FAULT).expect("the fault exists")],
        ..RunConfig::of_mock(embedded::base_url())
    };
    let list = "[submit.entity]\nreason = 'x'\nexpires = 2031-12-31\n";
    let rules = Rules {
        known: KnownFailures::parse(list).expect("the list is one"),
        now: day.parse::<DateTime<Utc>>().expect("it is a time"),
        ..Rules::default()
    };
    let never = std::future::pending();
    embedded::run(config, &rules, never, &|_| {})
        .await
        .expect("the mock starts")
}

#[tokio::test]
async fn an_entry_holds_through_its_last_day() {
    let last = on("2031-12-31T23:59:59Z").await;
    assert_eq!(last.checks[0].status, Status::Known);
    assert_eq!(last.verdict, Verdict::Conformant);
    let after = on("2032-01-01T00:00:00Z").await;
    assert_eq!(after.checks[0].status, Status::Fail);
    assert_eq!(after.checks[0].stale(), Some(Stale::Expired));
    assert_eq!(after.verdict, Verdict::Violated);
}
