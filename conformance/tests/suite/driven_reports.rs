//! The reports on a client that is driven: the files, and several clients side by side.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::process::{command, conformance, printed};

/// Hides what differs from run to run.
macro_rules! assert_report {
    ($name:literal, $text:expr) => {
        insta::with_settings!({filters => vec![
            (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "[moment]"),
            (r#"(seconds": )\d+(\.\d+)?"#, "$1[time]"),
            (r#"(time(?:stamp)?=")[^"]+"#, "$1[time]"),
            (r"<dd>\d+(\.\d+)? m?s</dd>", "<dd>[time]</dd>"),
            (r"crustdata-conformance \d+\.\d+\.\d+", "crustdata-conformance [version]"),
        ]}, { insta::assert_snapshot!($name, $text) });
    };
}

/// A client that does nothing and says that it worked, by the clauses that this violates and one that it does not.
const CALL: &str = "client --only client.all-identifiers --only client.key-origin";

#[test]
fn the_files_say_what_a_client_did_wrong() {
    let directory = tempfile::tempdir().unwrap();
    let report = directory.path().join("report");
    let summary = directory.path().join("summary.md");
    let mut call = command(&format!("{CALL} --report {} -- true", report.display()));
    let output = call.env("GITHUB_STEP_SUMMARY", &summary).output();
    let printed = printed(output.unwrap());
    assert_eq!(printed.code, 1, "{}{}", printed.out, printed.err);
    assert!(printed.err.contains("reports in "), "{}", printed.err);
    let summary = fs::read_to_string(summary).unwrap();
    assert!(summary.contains("client.all-identifiers"), "{summary}");
    assert_report!("driven_console", printed.out);
    let read = |name: &str| fs::read_to_string(report.join(name)).unwrap();

    let json = read("results.json");
    let results: Value = serde_json::from_str(&json).unwrap();
    let schema = crustdata_conformance::results::json_schema();
    if let Err(error) = jsonschema::validate(schema.as_value(), &results) {
        panic!("results.json does not keep its schema: {error}");
    }
    assert_eq!(results["exit_code"], 1);
    assert_report!("driven_results_json", json);

    let junit = read("junit.xml");
    quick_junit::Report::deserialize_from_str(&junit).unwrap();
    assert_report!("driven_junit_xml", junit);

    let html = read("report.html");
    // How the page looks is no matter of its contents.
    let start = html.find("<main>").unwrap();
    let end = html.find("</main>").unwrap();
    assert_report!("driven_report_html", &html[start..end]);

    let recording = read("exchanges.ndjson");
    assert_eq!(
        recording.lines().count(),
        1,
        "nothing was sent: {recording}"
    );
}

#[test]
fn clients_stand_side_by_side() {
    let with = "--matrix --with other=true --with none=./no-such-program";
    let text = conformance(&format!("{CALL} {with} -- true"));
    assert_eq!(text.code, 1, "{}", text.err);
    assert!(text.err.contains("none: "), "{}", text.err);
    assert_report!("matrix", text.out);

    let json = conformance(&format!("{CALL} {with} --format json -- true"));
    assert_eq!(json.code, 1, "{}", json.err);
    let clients: Vec<Value> = serde_json::from_str(&json.out).unwrap();
    let verdicts: Vec<_> = clients.iter().map(|client| &client["verdict"]).collect();
    assert_eq!(verdicts, ["violated", "violated", "inconclusive"]);

    // One that can't be judged leaves the matrix open, where nothing else is wrong with the others.
    let call = "client --only client.key-origin --matrix --with none=./no-such-program -- true";
    let open = conformance(call);
    assert_eq!(open.code, 3, "{}{}", open.out, open.err);
}

#[test]
fn an_interrupt_leaves_the_reports_of_what_was_over() {
    let directory = tempfile::tempdir().unwrap();
    let mut call = command("client --report");
    call.arg(directory.path()).args(["--", "sleep", "600"]);
    let mut child = call
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let err = BufReader::new(child.stderr.take().unwrap());
    let mut lines = err.lines().map_while(Result::ok);
    assert!(lines.any(|line| line.starts_with("runs ")));
    let id = child.id().to_string();
    let sent = Command::new("kill").args(["-INT", &id]).status();
    assert!(sent.unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let results = fs::read(directory.path().join("results.json")).unwrap();
    let results: Value = serde_json::from_slice(&results).unwrap();
    assert_eq!(results["verdict"], "interrupted");
    assert_eq!(results["totals"]["exchanges"], 0);
}
