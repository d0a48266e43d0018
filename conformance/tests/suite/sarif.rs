//! The report for code scanning: that it keeps the standard's schema, points to lines at which something stands, and says
//! what the other reports say.

use std::fs;
use std::path::Path;

use crustdata_conformance::checks::{CHECKS, CLIENT_CHECKS};
use crustdata_conformance::report;
use serde_json::Value;

use crate::process::{conformance, with_status};
use crate::report_texts::{rendered, results};

/// The schema of SARIF 2.1.0, as OASIS publishes it.
const SCHEMA: &str = include_str!("../schema/sarif-2.1.0.json");

#[track_caller]
fn keeps_its_schema(text: &str) -> Value {
    let value: Value = serde_json::from_str(text).expect("it is JSON");
    // A bracket of one pattern closes nothing, which engines for regular expressions take in different ways.
    let schema = SCHEMA.replace("{2}]?$", "{2}$");
    let schema = serde_json::from_str(&schema).expect("the schema is JSON");
    if let Err(error) = jsonschema::validate(&schema, &value) {
        panic!("{error} at {}", error.instance_path());
    }
    value
}

/// The line that a location points to.
#[track_caller]
fn line(result: &Value) -> String {
    let place = &result["locations"][0]["physicalLocation"];
    let file = place["artifactLocation"]["uri"].as_str().expect("a path");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = fs::read_to_string(root.join(file)).expect("the file is there");
    let number = place["region"]["startLine"].as_u64().expect("a line");
    let mut lines = text.lines().skip(number as usize - 1);
    lines.next().expect("the line is there").to_owned()
}

#[test]
fn the_report_keeps_the_standards_schema() {
    let results = results(tempfile::tempfile().expect("a file can be made"));
    let text = rendered(report::sarif, &results);
    insta::with_settings!({filters => vec![
        (r#"("startLine": )\d+"#, "$1[line]"),
        (r#"("semanticVersion": )"[^"]+""#, "$1[version]"),
    ]}, { insta::assert_snapshot!("results_sarif", text) });
    let log = keeps_its_schema(&text);
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("a list");
    assert_eq!(rules.len(), results.checks.len());
    for result in run["results"].as_array().expect("a list") {
        let index = result["ruleIndex"].as_u64().expect("an index") as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let id = result["ruleId"].as_str().expect("an id");
        assert!(line(result).starts_with(&format!("  {id}:")), "{id}");
    }
}

/// An error that is not suppressed is there exactly when a clause is violated.
#[test]
fn what_is_red_elsewhere_is_an_error() {
    let mut results = results(tempfile::tempfile().expect("a file can be made"));
    for strict in [false, true] {
        results.strict = strict;
        let log = keeps_its_schema(&rendered(report::sarif, &results));
        let found = log["runs"][0]["results"].as_array().expect("a list");
        let red = |id: &str| {
            found.iter().any(|result| {
                let stands = result["suppressions"].as_array().is_some_and(Vec::is_empty);
                result["ruleId"] == id && result["level"] == "error" && stands
            })
        };
        for check in &results.checks {
            assert_eq!(red(check.id), check.is_violation(strict), "{}", check.id);
        }
    }
}

#[test]
fn each_client_clause_points_to_the_file_it_stands_in() {
    let directory = tempfile::tempdir().expect("a directory can be made");
    let report = directory.path().display();
    let call = format!("client --only client.all-identifiers --report {report} -- true");
    let printed = conformance(&call);
    assert_eq!(printed.code, 1, "{}", printed.err);
    let text = fs::read_to_string(directory.path().join("results.sarif"));
    let log = keeps_its_schema(&text.expect("it is written"));
    let found = log["runs"][0]["results"].as_array().expect("a list");
    assert!(found.len() > 1, "one for each scenario: {log}");
    for result in found {
        assert_eq!(line(result), "//! `client.all-identifiers`");
    }
    // Those that violate nothing here have a file of that name, too.
    for check in CLIENT_CHECKS {
        let file = check.id.replace('.', "/").replace('-', "_");
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/checks/{file}.rs"));
        let text = fs::read_to_string(file).expect("it is there");
        assert!(text.contains(&format!("id: \"{}\"", check.id)));
    }
}

/// What was not judged violates nothing.
#[test]
fn every_clause_that_is_not_judged_is_a_notification() {
    let directory = tempfile::tempdir().expect("a directory can be made");
    let report = directory.path().display();
    let call = format!("run --max-jobs 0 --only job.* --only submit.accepted --report {report}");
    let printed = conformance(&call);
    assert_eq!(printed.code, 3, "{}", printed.err);
    let read = |name: &str| fs::read_to_string(directory.path().join(name)).expect("it is there");
    let log = keeps_its_schema(&read("results.sarif"));
    let run = &log["runs"][0];
    assert!(run["results"].as_array().is_some_and(Vec::is_empty));
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    assert_eq!(invocation["exitCode"], 3);
    let told: Vec<String> = (invocation["toolExecutionNotifications"].as_array())
        .expect("a list")
        .iter()
        .map(|told| {
            told["associatedRule"]["id"]
                .as_str()
                .expect("an id")
                .to_owned()
        })
        .collect();
    let results: Value = serde_json::from_str(&read("results.json")).expect("it is JSON");
    let unjudged: Vec<String> = (CHECKS.iter().map(|check| check.id.to_owned()))
        .filter(|id| {
            let statuses = ["untestable", "vacuous"];
            statuses
                .iter()
                .any(|status| with_status(&results, status).contains(id))
        })
        .collect();
    assert!(unjudged.len() > 1, "{unjudged:?}");
    assert_eq!(told, unjudged);
}
