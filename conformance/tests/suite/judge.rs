//! `conformance judge`, as a user calls it: what it reads, in which order, and whom it judges.

mod exporters;
mod recorders;
mod recording;
mod reports;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use crustdata_mock::MOCK_KEY;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use self::recording::{Recording, judge};
use crate::process::{Printed, command, json as report, printed, with_status};
use crate::snapshots::assert_stable;

#[tokio::test]
async fn a_compliant_session_passes_in_every_form() {
    let recording = Recording::of(&[]).await;
    let path = recording.write("session.har");
    let report = recording.folder.path().join("report");
    let args = format!("--side server --report {}", report.display());
    let plain = judge(&[&path], &args);
    assert_eq!(plain.code, 0, "{}{}", plain.out, plain.err);
    let ndjson = fs::read_to_string(report.join("exchanges.ndjson")).unwrap();
    for text in [&plain.out, &plain.err, &ndjson] {
        assert!(!text.contains(MOCK_KEY), "the key is in {text}");
    }
    // Its own recording of it, a packed one, and one that comes from elsewhere.
    let again = judge(&[&report.join("exchanges.ndjson")], "--side server");
    let verdict = |printed: &Printed| printed.out.lines().last().unwrap().to_owned();
    assert_eq!(verdict(&again), verdict(&plain), "{}", again.err);
    let target = |printed: &Printed| {
        let mut lines = printed.out.lines();
        lines
            .find(|line| line.starts_with("target"))
            .map(str::to_owned)
    };
    assert_eq!(target(&again), target(&plain));
    let header: Value = serde_json::from_str(ndjson.lines().next().unwrap()).unwrap();
    let server = header["base_url"].as_str().unwrap();
    assert!(server.starts_with("http"), "{header}");
    assert!(
        plain.out.contains(&format!("target   {server}\n")),
        "{}",
        plain.out
    );
    let packed = recording.folder.path().join("session.har.gz");
    let mut gzip = GzEncoder::new(fs::File::create(&packed).unwrap(), Compression::fast());
    gzip.write_all(recording.har.to_string().as_bytes())
        .unwrap();
    gzip.finish().unwrap();
    assert_eq!(
        verdict(&judge(&[&packed], "--side server")),
        verdict(&plain)
    );
    assert_eq!(verdict(&from_stdin(&path)), verdict(&plain));
}

#[test]
fn a_recording_of_a_run_names_its_server() {
    let folder = tempfile::tempdir().unwrap();
    let run = |name: &str| {
        let report = folder.path().join(name);
        let mut command = command("run --only submit.entity --cases 0 --fault entity-company");
        command.arg("--report").arg(&report);
        assert_eq!(command.output().unwrap().status.code(), Some(1));
        report.join("exchanges.ndjson")
    };
    let (one, other) = (run("one"), run("other"));
    let of_one = judge(&[&one], "--side server");
    assert_eq!(of_one.code, 1, "{}", of_one.err);
    let line = |printed: &Printed, start: &str| {
        let line = printed.out.lines().find(|line| line.starts_with(start));
        line.map(|line| line[start.len()..].trim().to_owned())
    };
    let server = line(&of_one, "target").unwrap();
    assert!(server.starts_with("http://127.0.0.1:"), "{server}");
    let curl = line(&of_one, "  curl").unwrap();
    assert!(curl.contains(&format!("'{server}batch/")), "{curl}");
    // Of two servers, nobody can tell to which one a request went.
    let of_both = judge(&[&one, &other], "--side server");
    assert!(line(&of_both, "target").unwrap().starts_with(&server));
    assert_eq!(line(&of_both, "  curl"), None, "{}", of_both.out);
}

fn from_stdin(path: &Path) -> Printed {
    let mut command = command("judge --side server -");
    command.stdin(Stdio::from(fs::File::open(path).unwrap()));
    let output: Output = command.output().unwrap();
    printed(output)
}

#[tokio::test]
async fn the_order_is_that_of_sending_whatever_that_of_the_entries() {
    let mut recording = Recording::of(&[]).await;
    let (_, straight) = recording.judged("--side server");
    recording.entries().reverse();
    let (_, reversed) = recording.judged("--side server");
    assert_eq!(
        with_status(&straight, "pass"),
        with_status(&reversed, "pass")
    );
    assert_eq!(
        straight["totals"]["exchanges"],
        reversed["totals"]["exchanges"]
    );
    // In two files, every other exchange in each.
    let all = std::mem::take(recording.entries());
    let halves = [0, 1].map(|half| {
        let entries = all.iter().skip(half).step_by(2).cloned().collect();
        recording.har["log"]["entries"] = Value::Array(entries);
        recording.write(&format!("{half}.har"))
    });
    let both = judge(&[&halves[0], &halves[1]], "--side server --format json");
    assert_eq!(
        with_status(&report(&both), "pass"),
        with_status(&straight, "pass")
    );
}

#[tokio::test]
async fn a_finding_says_where_it_is() {
    let recording = Recording::of(&["entity-company"]).await;
    let mut command = command("judge --side server session.har");
    recording.write("session.har");
    command.current_dir(recording.folder.path());
    let printed = printed(command.output().unwrap());
    assert_eq!(printed.code, 1, "{}", printed.err);
    let server = recording.har["log"]["entries"][0]["request"]["url"].as_str();
    let port = url::Url::parse(server.unwrap()).unwrap().port().unwrap();
    let out = printed.out.replace(&port.to_string(), "[port]");
    assert_stable!("judge_with_a_failure", out);
}

#[tokio::test]
async fn other_traffic_is_left_alone() {
    let mut recording = Recording::of(&[]).await;
    let mut other = recording.entries()[0].clone();
    other["request"]["headers"] = json!([]);
    other["request"]["url"] = json!("https://elsewhere.example/batch/of/cookies?x=1");
    other["response"]["content"]["text"] = json!(BASE64_STANDARD.encode([0xff, 0xfe]));
    other["response"]["content"]["encoding"] = json!("base64");
    recording.entries().insert(3, other);
    let printed = judge(&[&recording.write("session.har")], "--side server");
    assert_eq!(printed.code, 0, "{}{}", printed.out, printed.err);
    assert!(
        printed
            .err
            .contains("exchanges that are not this API's, not judged: 1"),
        "{}",
        printed.err
    );
    let printed = judge(
        &[&recording.write("session.har")],
        "--base-url https://nowhere.example",
    );
    assert_eq!(printed.code, 3, "{}", printed.out);
}

#[tokio::test]
async fn a_bad_entry_is_refused_with_its_place_or_left_out() {
    let mut recording = Recording::of(&[]).await;
    recording.entries()[2]["startedDateTime"] = json!("yesterday");
    let path = recording.write("session.har");
    let printed = judge(&[&path], "--side server");
    assert_eq!(printed.code, 2, "{}", printed.out);
    assert!(
        printed.err.contains("session.har: entry 2, at byte "),
        "{}",
        printed.err
    );
    assert!(printed.err.contains("yesterday"), "{}", printed.err);
    let printed = judge(&[&path], "--side server --lenient");
    assert!(
        printed
            .err
            .contains("entries left out, since they can't be read: 1"),
        "{}",
        printed.err
    );
    assert_ne!(printed.code, 2, "{}", printed.out);
    recording.entries().remove(2);
    let path = recording.write("session.har");
    // Cut off, as by a recorder that was killed.
    let text = fs::read(&path).unwrap();
    fs::write(&path, &text[..text.len() - 100]).unwrap();
    let printed = judge(&[&path], "--side server");
    assert_eq!(printed.code, 2, "{}", printed.out);
    assert!(
        printed.err.contains("is cut off after byte"),
        "{}",
        printed.err
    );
    for not_har in [
        "{}",
        "[]",
        "",
        "{\"log\":{}}",
        "no JSON",
        "{\"log\":{\"entries\":{}}}",
    ] {
        fs::write(&path, not_har).unwrap();
        let printed = judge(&[&path], "");
        assert_eq!(printed.code, 2, "{not_har}: {}", printed.out);
        assert!(printed.err.contains("session.har"), "{}", printed.err);
    }
}

/// A report names one cause once.
#[tokio::test]
async fn a_status_that_no_job_has_is_blamed_for_that_alone() {
    let mut recording = Recording::of(&[]).await;
    recording.each(|entry| {
        let text = entry["response"]["content"]["text"].as_str().unwrap();
        let text = text.replace("\"completed\"", "\"COMPLETED\"");
        entry["response"]["content"]["text"] = json!(text);
    });
    let (printed, results) = recording.judged("--side server");
    assert_eq!(
        with_status(&results, "fail"),
        ["job.status"],
        "{}",
        printed.out
    );
}

#[test]
fn a_recording_of_ours_in_another_version_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("exchanges.ndjson");
    let schema = "crustdata-conformance/exchanges/99";
    let header = format!("{{\"schema\":\"{schema}\",\"base_url\":\"http://127.0.0.1/\"}}\n");
    fs::write(&path, header).unwrap();
    let printed = judge(&[&path], "");
    assert_eq!(printed.code, 2, "{}", printed.out);
    let why = format!("its schema is {schema}");
    assert!(printed.err.contains(&why), "{}", printed.err);
}

#[tokio::test]
async fn a_client_is_judged_by_its_traffic() {
    let mut recording = Recording::of(&[]).await;
    let (printed, results) = recording.judged("--side client");
    assert!(with_status(&results, "fail").is_empty(), "{}", printed.out);
    assert!(with_status(&results, "pass").contains(&"client.version".to_owned()));
    recording.each(|entry| {
        let headers = entry["request"]["headers"].as_array_mut().unwrap();
        headers.retain(|header| header["name"] != "x-api-version");
    });
    let (_, results) = recording.judged("--side client");
    assert_eq!(with_status(&results, "fail"), ["client.version"]);
}
