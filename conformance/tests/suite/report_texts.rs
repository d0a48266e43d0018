//! What is in each report, of a run that is made up here: with a clause of every status, a job that was watched,
//! a response that never came, and an e-mail address.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Seek, Write};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use crustdata_conformance::assessment::Assessment;
use crustdata_conformance::checks::{self, Check};
use crustdata_conformance::columns::Columns;
use crustdata_conformance::exchange::{Exchange, Failure, FailureKind, Request, Response};
use crustdata_conformance::generated::contract::{
    API_VERSION, header,
    submit::{self, example, identifiers},
};
use crustdata_conformance::known::KnownFailures;
use crustdata_conformance::recording::Recorder;
use crustdata_conformance::report;
use crustdata_conformance::results::{Results, Rules, Status};
use crustdata_conformance::runner::{End, Run, RunConfig};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use url::Url;

const HEADERS: [(&str, &str); 3] = [
    ("authorization", "Bearer $CRUSTDATA_API_KEY"),
    (header::API_VERSION, API_VERSION),
    ("content-type", "application/json"),
];
const JOB: &str = "/batch/7e96a0d7-0ea6-463c-8937-dfa59365c2e9";

fn request(
    method: Method,
    path: &str,
    headers: &[(&'static str, &'static str)],
    body: &str,
) -> Request {
    let headers: HeaderMap = headers
        .iter()
        .map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        })
        .collect();
    Request::new(
        method,
        path.to_owned(),
        headers,
        Bytes::copy_from_slice(body.as_bytes()),
    )
}

fn submission(headers: &[(&'static str, &'static str)]) -> Request {
    request(Method::POST, submit::PATH, headers, example::REQUEST)
}

fn get(path: &str) -> Request {
    request(Method::GET, path, &HEADERS[..1], "")
}

/// An exchange that was over `after` seconds from the start.
fn exchange(after: u64, request: Request, status: u16, body: &str) -> Exchange {
    let mut headers = HeaderMap::new();
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    let status = StatusCode::from_u16(status).expect("it is a status");
    let took = Duration::from_millis(250);
    Exchange {
        request,
        outcome: Ok(Response::new(
            status,
            headers,
            Bytes::copy_from_slice(body.as_bytes()),
        )),
        sent_after: Duration::from_secs(after) - took,
        took,
    }
}

fn status(after: u64, status: &str) -> Exchange {
    let body = format!(r#"{{"status":"{status}"}}"#);
    exchange(after, get(JOB), 200, &body)
}

fn exchanges() -> Vec<Exchange> {
    let list = |jobs: &str| format!(r#"{{"jobs":[{jobs}],"next_cursor":null,"has_more":false}}"#);
    let accepted = example::RESPONSE.replace("\"person\"", "\"company\"");
    let accepted = accepted.replacen('{', r#"{"owner":"jane.doe@acme.example","#, 1);
    let refused = r#"{"error":{"type":"bad","message":"x-api-version <missing>","metadata":[]}}"#;
    let stray = r#"{"batch_id":"00000000-0000-4000-8000-000000000001"}"#;
    let mut unanswered = exchange(200, submission(&HEADERS[..1]), 200, "");
    unanswered.outcome = Err(Failure {
        kind: FailureKind::Broken,
        status: None,
        detail: "connection closed".to_owned(),
    });
    vec![
        exchange(1, get("/batch?limit=100"), 200, &list("")),
        exchange(2, submission(&[HEADERS[0], HEADERS[2]]), 400, refused),
        exchange(3, get("/batch?limit=100"), 200, &list(stray)),
        exchange(4, submission(&HEADERS), 200, &accepted),
        status(8, "pending"),
        status(12, "processing"),
        status(70, "processing"),
        status(130, "completed"),
        unanswered,
    ]
}

const SELECTED: [&str; 8] = [
    "submit.accepted",
    "submit.entity",
    "submit.action",
    "submit.identifier-count",
    "submit.max-identifiers",
    "reject.missing-api-version",
    "reject.malformed-body",
    "reject.no-job",
];

pub(crate) fn results(recording: File) -> Results {
    let find = |id: &&str| -> &'static Check { checks::find(id).expect("the clause exists") };
    let base_url = Url::parse("http://127.0.0.1:8080/").expect("it is one");
    let config = RunConfig {
        key: "not-in-any-report".to_owned().into(),
        embedded: false,
        max_jobs: Some(1),
        rpm: Some(15),
        seed: 7,
        webhook: None,
        profile_urls: Vec::new(),
        checks: SELECTED.iter().map(find).collect(),
        ..RunConfig::of_mock(base_url)
    };
    let items: Vec<String> = (0..identifiers::MAX)
        .map(|n| format!("\"https://www.linkedin.com/in/nobody-{n}\""))
        .collect();
    let items = items.join(",");
    let body = example::REQUEST.replace("\"https://www.linkedin.com/in/dvdhsu/\"", &items);
    let skipped = request(Method::POST, submit::PATH, &HEADERS, &body);
    let recorder = Recorder::new(recording, config.base_url.as_str());
    let mut assessment = Assessment::new(&config.checks, Some(recorder));
    for exchange in exchanges() {
        assessment.push(Arc::new(exchange));
    }
    let run = Run {
        assessment,
        end: End {
            skipped: (config.checks.iter())
                .filter(|check| check.wants(&skipped))
                .map(|check| check.id)
                .collect(),
            left_open: BTreeSet::new(),
            active: vec!["11111111-1111-4111-8111-111111111111".to_owned()],
            jobs: 1,
            stop: None,
            took: Duration::from_secs(200),
            waited: Duration::from_secs(32),
        },
    };
    let known = "[submit.action]\nreason = 'not yet'\nexpires = 2030-01-31\n
        [reject.missing-api-version]\nreason = 'hangs up now and then'\n
        [submit.identifier-count]\nreason = 'TICKET-17'\nexpires = 2031-12-31\n";
    let rules = Rules {
        known: KnownFailures::parse(known).expect("it is a list"),
        now: "2030-02-01T12:00:00Z".parse().expect("it is a time"),
        ..Rules::default()
    };
    let mut results = Results::of(&config, run, &rules);
    // The only figure that the clock has a part in.
    results.totals.seconds = 200.0;
    results.left_running = vec!["11111111-1111-4111-8111-111111111111".to_owned()];
    results.notes = vec!["2 exchanges were not judged".to_owned()];
    results.cut_once = vec!["GET /batch?limit=1: connection closed".to_owned()];
    results
}

pub(crate) fn rendered(
    write: impl Fn(&mut dyn Write, &Results) -> std::io::Result<()>,
    results: &Results,
) -> String {
    let mut out = Vec::new();
    write(&mut out, results).expect("memory takes it");
    String::from_utf8(out).expect("reports are text")
}

#[test]
fn texts() {
    let mut recording = tempfile::tempfile().expect("a file can be made");
    let mut results = results(recording.try_clone().expect("it can be opened twice"));
    for status in [
        Status::Fail,
        Status::Warn,
        Status::Known,
        Status::Untestable,
        Status::Vacuous,
        Status::Pass,
    ] {
        assert!(
            results.count(status) > 0,
            "no {status:?}: {:?}",
            results.checks
        );
    }
    insta::assert_snapshot!("results_json", rendered(report::json, &results));
    insta::assert_snapshot!("junit_xml", rendered(report::junit, &results));
    let recorder = results.recorder.take().expect("it was recorded");
    let verdict = results.verdict.as_str();
    recorder.finish(Some(verdict)).expect("it can be written");
    recording.rewind().expect("it is a file");
    let exchanges = std::io::read_to_string(recording).expect("it is text");
    insta::assert_snapshot!("exchanges_ndjson", exchanges);
    insta::assert_snapshot!("markdown", rendered(report::markdown, &results));
    for (name, columns) in [("console", None), ("console_of_80_columns", Some(80))] {
        let columns = Columns::new(columns);
        let console = |out: &mut dyn Write, results: &Results| {
            report::console::write(out, results, false, columns)
        };
        let console = rendered(console, &results);
        insta::assert_snapshot!(name, anstream::adapter::strip_str(&console).to_string());
    }
    let page = rendered(report::html, &results);
    let (_, body) = page.split_once("<body>").expect("the page has a body");
    insta::assert_snapshot!("report_html", body);
}

/// A run of many cases has many thousand jobs: the page shows some, and says how many more there are.
#[test]
fn a_page_shows_some_of_many_jobs() {
    let mut results = results(tempfile::tempfile().expect("a file can be made"));
    let watched = results.jobs.first().expect("there is a job").clone();
    results.jobs = vec![watched; 1_000];
    let page = rendered(report::html, &results);
    assert_eq!(page.matches("<div class=\"job\">").count(), 200);
    assert!(page.contains("800 more jobs are in results.json"));
}
