//! The reports that are files: that they agree, that they are written whole or not at all, and what is in them.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufReader, Write};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::{Arc, LazyLock};

use crustdata_conformance::assessment::Assessment;
use crustdata_conformance::checks;
use crustdata_conformance::recording;
use quick_junit::{Report, TestCaseStatus};
use serde_json::Value;
use tempfile::TempDir;

use crate::process::{Printed, SECRET, command, conformance_on, printed};
use crate::targets::{respond, serve};

/// The schema of `results.json`, which takes longer to read than a report.
static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let schema = crustdata_conformance::results::json_schema();
    jsonschema::validator_for(schema.as_value()).expect("it is a schema")
});

fn directory() -> TempDir {
    tempfile::tempdir().expect("a directory can be made")
}

fn read(directory: &Path, name: &str) -> String {
    fs::read_to_string(directory.join(name)).expect("the report is there and is text")
}

fn results(directory: &Path) -> Value {
    serde_json::from_str(&read(directory, "results.json")).expect("it is JSON")
}

/// Runs with `--report`, and a key for the sake of `--base-url`.
fn run(directory: &Path, args: &str) -> Printed {
    let mut command = command(args);
    command.arg("--report").arg(directory);
    command.env("CRUSTDATA_API_KEY", SECRET);
    printed(command.output().expect("the binary runs"))
}

/// Reads all four reports of a run, and holds them against each other and the exit code.
fn agree(directory: &Path, printed: &Printed) {
    let results = results(directory);
    if let Err(error) = SCHEMA.validate(&results) {
        panic!("results.json does not keep its schema: {error}");
    }
    let verdict = results["verdict"].as_str().expect("there is a verdict");
    assert_eq!(results["exit_code"], printed.code, "{}", printed.err);
    assert!(printed.out.contains(verdict));
    let status: BTreeMap<&str, &str> = results["checks"]
        .as_array()
        .expect("there are checks")
        .iter()
        .map(|check| (text(&check["id"]), text(&check["status"])))
        .collect();

    let junit = Report::deserialize_from_str(&read(directory, "junit.xml")).expect("it is JUnit");
    let cases = junit.test_suites.iter().flat_map(|suite| &suite.test_cases);
    let (mut red, mut clauses) = (false, 0);
    for case in cases {
        let is_red = matches!(case.status, TestCaseStatus::NonSuccess { .. });
        red |= is_red;
        let Some(status) = status.get(case.name.as_str()) else {
            continue;
        };
        clauses += 1;
        let skipped = matches!(case.status, TestCaseStatus::Skipped { .. });
        match *status {
            "fail" => assert!(is_red, "{}", case.name.as_str()),
            "untestable" | "vacuous" | "known" => assert!(skipped || is_red),
            _ => assert!(!skipped),
        }
    }
    assert_eq!(clauses, status.len(), "one case a clause");
    assert_eq!(red, printed.code != 0, "JUnit is red when the run is");
    let property = junit.test_suites.iter().flat_map(|suite| &suite.properties);
    let named = property.filter(|property| property.name.as_str() == "verdict");
    let values: Vec<&str> = named.map(|property| property.value.as_str()).collect();
    assert_eq!(values, [verdict]);

    let html = read(directory, "report.html");
    assert!(html.contains(&format!("<title>Conformance: {verdict}</title>")));
    assert!(!html.contains("<script"));
    for id in status.keys() {
        assert!(html.contains(&format!("<code>{id}</code>")), "{id}");
    }

    let file = fs::File::open(directory.join("exchanges.ndjson")).expect("it is there");
    let reader = recording::read(BufReader::new(file)).expect("it is a recording");
    assert_eq!(reader.header.verdict.as_deref(), Some(verdict));
    let checks = results["checks"].as_array().expect("there are checks");
    let find = |check: &Value| checks::find(text(&check["id"])).expect("the clause exists");
    let selected: Vec<_> = checks.iter().map(find).collect();
    let mut assessment = Assessment::new(&selected, None);
    for exchange in reader {
        assessment.push(Arc::new(exchange.expect("it is an exchange")));
    }
    assert_eq!(results["totals"]["exchanges"], assessment.exchanges());
    // What was recorded is judged as the run was.
    assessment.settle_all();
    for (check, (_, tally)) in checks.iter().zip(assessment.judged()) {
        assert_eq!(check["satisfied"], tally.satisfied, "{check}");
        assert_eq!(check["violated"], tally.violations.count, "{check}");
    }
}

fn text(value: &Value) -> &str {
    value.as_str().expect("it is a string")
}

#[test]
fn all_four_agree() {
    let known = tempfile::NamedTempFile::new().expect("a file can be made");
    fs::write(known.path(), "[submit.entity]\nreason = 'x'\n").expect("it can be written");
    let known = format!("--known-failures {}", known.path().display());
    let runs = [
        ("", 0),
        ("--fault entity-company", 1),
        ("--fault keeps-refused-jobs", 0),
        ("--fault keeps-refused-jobs --strict", 1),
        (&format!("--fault entity-company {known}"), 0),
        (&known, 1),
        ("--only submit.accepted --max-jobs 0", 3),
        ("--base-url http://127.0.0.1:1", 3),
    ];
    for (args, code) in runs {
        let directory = directory();
        let printed = run(
            directory.path(),
            &format!("run --seed 1 --cases 4 --refusals 20 {args}"),
        );
        assert_eq!(printed.code, code, "{args}: {}{}", printed.out, printed.err);
        agree(directory.path(), &printed);
    }
}

/// Bodies that are hard to read: each is a finding, none ends the run, and no report grows with them.
#[test]
fn bodies_of_any_kind() {
    let nested = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let accepted = |count: &str| {
        format!(
            r#"{{"batch_id":"7e96a0d7-0ea6-463c-8937-dfa59365c2e9","status":"pending","entity":"person","action":"contact_enrich","identifier_count":{count},"entities_requested":1,"status_url":"/batch/7e96a0d7-0ea6-463c-8937-dfa59365c2e9"}}"#
        )
    };
    let bodies: [(&str, Vec<u8>); 11] = [
        (
            "HTML",
            b"<!doctype html><h1>Welcome</h1><script>alert(1)</script>".to_vec(),
        ),
        ("nothing", Vec::new()),
        ("invalid UTF-8", vec![0xff, 0xfe, 0xc3, 0x28, 0]),
        ("control characters", b"\"\x1b[2J\x00\x07]]>\"".to_vec()),
        ("4 MiB", vec![b'x'; 4 << 20]),
        ("nested", nested.clone().into_bytes()),
        (
            "nested in an object",
            format!(r#"{{"batch_id":{nested}}}"#).into_bytes(),
        ),
        (
            "duplicate keys",
            accepted(r#"1,"status":"done""#).into_bytes(),
        ),
        ("NaN", accepted("NaN").into_bytes()),
        ("1e400", accepted("1e400").into_bytes()),
        ("2.0", accepted("1.0").into_bytes()),
    ];
    for (what, body) in bodies {
        let target = serve(move |stream, _| {
            // A client that has gone away is no matter of the test's.
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all(&body);
        });
        let directory = directory();
        let args = format!(
            "run --seed 1 --max-jobs 2 --refusals 20 --cases 0 --only submit.* --skip submit.urls-string --skip submit.fields-* --base-url {target}"
        );
        let printed = run(directory.path(), &args);
        assert_eq!(printed.code, 1, "{what}: {}{}", printed.out, printed.err);
        agree(directory.path(), &printed);
        for name in ["results.json", "junit.xml", "results.sarif", "report.html"] {
            let size = read(directory.path(), name).len();
            assert!(size < 256 << 10, "{what}: {name} has {size} bytes");
        }
        assert!(!printed.out.contains('\u{1b}'), "{what}");
        assert!(
            !read(directory.path(), "report.html").contains("<script"),
            "{what}"
        );
    }
}

/// What is packed is shown as the lines that it holds, masked.
#[test]
fn a_results_file_is_shown_unpacked() {
    let directory = directory();
    let args = "run --seed 1 --cases 0 --fault result-count-one-more";
    let printed = run(directory.path(), args);
    assert_eq!(printed.code, 1, "{}{}", printed.out, printed.err);
    let results = results(directory.path());
    let checks = results["checks"].as_array().expect("there are checks");
    let check = checks.iter().find(|check| check["id"] == "result.count");
    let body = text(&check.expect("it is selected")["findings"][0]["body"]);
    assert!(body.contains(" bytes of gzip, unpacked)\n{"), "{body}");
    for shown in [body, &read(directory.path(), "report.html")] {
        assert!(!shown.contains(['\u{fffd}', '\0']), "{shown}");
        assert!(shown.contains("unpacked)\n{"), "{shown}");
    }
}

#[test]
fn the_summary_of_a_github_step_is_appended() {
    let page = tempfile::NamedTempFile::new().expect("a file can be made");
    fs::write(page.path(), "before\n").expect("it can be written");
    let mut command = command("run --seed 1 --cases 0 --only submit.e* --fault entity-company");
    command.env("GITHUB_STEP_SUMMARY", page.path());
    assert_eq!(printed(command.output().expect("it runs")).code, 1);
    let summary = fs::read_to_string(page.path()).expect("it is text");
    assert!(
        summary.starts_with("before\n## ❌ Conformance: violated\n"),
        "{summary}"
    );
    assert!(
        summary.contains("### fail: `submit.entity` (must)"),
        "{summary}"
    );
}

/// The directory goes away while the run is under way.
#[test]
fn reports_that_can_not_be_written_do_not_cost_the_verdict() {
    let directory = directory();
    let path = directory.path().join("reports");
    let gone = path.clone();
    let target = serve(move |stream, _| {
        let _ = fs::remove_dir_all(&gone);
        respond(stream, "200 OK", "text/html", "<h1>Welcome</h1>");
    });
    let printed = run(&path, &format!("run --base-url {target}"));
    assert_eq!(printed.code, 4, "{}", printed.err);
    assert!(
        printed.out.contains("verdict  inconclusive"),
        "{}",
        printed.out
    );
    assert!(
        printed.err.contains("reports can't be written"),
        "{}",
        printed.err
    );
}

/// What a full disk does: a write fails half way. Reports of an earlier run stay as they were.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_no_half_report() {
    let directory = directory();
    fs::write(directory.path().join("results.json"), "earlier").expect("it can be written");
    let output: Output = Command::new("sh")
        .args(["-c", r#"trap '' XFSZ; ulimit -f 16; exec "$0" "$@""#])
        .arg(env!("CARGO_BIN_EXE_conformance"))
        .args(["run", "--cases", "0", "--report"])
        .arg(directory.path())
        .output()
        .expect("there is a shell");
    let printed = printed(output);
    assert_eq!(printed.code, 4, "{}", printed.err);
    assert!(
        printed.out.contains("verdict  conformant"),
        "{}",
        printed.out
    );
    assert!(
        printed.err.contains("because: no report can be written in"),
        "{}",
        printed.err
    );
    let names: Vec<_> = fs::read_dir(directory.path())
        .expect("it is there")
        .filter_map(|entry| Some(entry.ok()?.file_name()))
        .collect();
    assert_eq!(names, ["results.json"]);
    assert_eq!(read(directory.path(), "results.json"), "earlier");
}

/// Nothing is sent when the reports would be lost: the server would panic.
#[test]
fn an_unusable_directory_is_found_out_first() {
    let (asked, target) = {
        let asked = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let seen = asked.clone();
        let target = serve(move |_, _| seen.store(true, std::sync::atomic::Ordering::Relaxed));
        (asked, target)
    };
    let printed = conformance_on(&target, "run --report /dev/null/reports");
    assert_eq!(printed.code, 2, "{}", printed.out);
    assert!(
        printed
            .err
            .contains("--report: no report can be written in /dev/null/reports")
    );
    assert_eq!(printed.out, "");
    assert!(!asked.load(std::sync::atomic::Ordering::Relaxed));
}

#[test]
fn a_recording_that_is_none_is_told_with_its_line() {
    let cases = [
        ("", "line 1"),
        ("{}\n", "line 1"),
        (
            "{\"schema\":\"crustdata-conformance/exchanges/2\",\"base_url\":\"\",\"exchanges\":0}\n",
            "line 1",
        ),
        (
            "{\"schema\":\"crustdata-conformance/exchanges/1\",\"base_url\":\"\",\"exchanges\":1}\n",
            "cut off: 0 of 1",
        ),
        (
            "{\"schema\":\"crustdata-conformance/exchanges/1\",\"base_url\":\"\",\"exchanges\":1}\n{\"n\":0",
            "line 2",
        ),
    ];
    for (text, says) in cases {
        let error = match recording::read(text.as_bytes()) {
            Ok(reader) => reader.last().expect("it does not end well").map(drop),
            Err(error) => Err(error),
        };
        let error = error.expect_err("it is none").to_string();
        assert!(error.contains(says), "{error}");
    }
}
