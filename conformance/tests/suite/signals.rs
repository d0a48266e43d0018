//! `serve`, and runs that are ended from outside: a clean stop, the documented exit code, reports written.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};

use crustdata_conformance::generated::contract::{job, submit};

use crate::process::SECRET;
use crate::targets::{self, EMPTY_LIST, respond};

fn spawn(args: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_conformance"))
        .args(args)
        .env("CRUSTDATA_API_KEY", SECRET)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts")
}

/// Ends a server with Ctrl-C.
fn stop(mut child: Child) {
    interrupt(&child);
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

/// What Ctrl-C does.
fn interrupt(child: &Child) {
    let sent = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(sent.expect("there is a kill").success());
}

/// Waits until the run says that it has been interrupted.
fn until_told(child: &mut Child) {
    let err = BufReader::new(child.stderr.as_mut().expect("it is piped"));
    let mut lines = err.lines().map_while(Result::ok);
    assert!(lines.any(|line| line.starts_with("interrupted: ")));
}

fn report(child: &mut Child) -> String {
    let mut report = String::new();
    let mut out = child.stdout.take().expect("it is piped");
    out.read_to_string(&mut report).expect("the report is text");
    report
}

#[test]
fn serve_prints_a_line_that_works_and_stops_cleanly() {
    let mut child = spawn(&["serve"]);
    let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut line = || {
        let mut line = String::new();
        out.read_line(&mut line).expect("it prints lines");
        line
    };
    assert!(line().contains("listening on http://127.0.0.1:"));
    let response = pasted(&line());
    assert!(response.contains(r#""status":"pending""#), "{response}");
    interrupt(&child);
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn serve_listens_on_a_name_or_a_port_and_prints_requests_when_it_is_told_to() {
    for address in ["localhost:0", "0"] {
        let mut child = spawn(&["serve", "--log", "--listen", address]);
        let mut out = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let first = out
            .next()
            .expect("it prints lines")
            .expect("a line is text");
        assert!(first.contains("listening on http://"), "{first}");
        pasted(
            &out.next()
                .expect("it prints lines")
                .expect("a line is text"),
        );
        interrupt(&child);
        let mut log = String::new();
        let mut err = child.stderr.take().expect("it is piped");
        err.read_to_string(&mut log).expect("the log is text");
        assert_eq!(log, format!("POST {} 200\n", submit::PATH));
        assert_eq!(child.wait().expect("it ends").code(), Some(0));
    }
}

/// The lines that `serve` prints with these flags: that it listens, and how to submit.
fn serve(flags: &[&str]) -> (Child, String, String) {
    let mut child = spawn(&[&["serve"], flags].concat());
    let mut out = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let mut line = || out.next().expect("it prints lines").expect("they are text");
    let (listening, submit) = (line(), line());
    (child, listening, submit)
}

#[test]
fn serve_lets_so_many_jobs_be_active_as_it_is_told_to() {
    let (child, _, submit) = serve(&["--max-active-jobs", "1", "--job-seconds", "3600"]);
    assert!(pasted(&submit).contains(r#""status":"pending""#));
    let response = pasted(&submit);
    assert!(response.contains("1 jobs are active"), "{response}");
    stop(child);
}

#[test]
fn serve_finds_contacts_for_the_profiles_that_it_is_told_of() {
    let example: serde_json::Value = serde_json::from_str(submit::example::REQUEST).expect("JSON");
    let profile = example[submit::identifiers::KEY][0]
        .as_str()
        .expect("it is text");
    let (child, _, submit) = serve(&["--profile", profile, "--job-seconds", "0"]);
    let accepted: serde_json::Value = serde_json::from_str(&pasted(&submit)).expect("JSON");
    let id = accepted["batch_id"].as_str().expect("it is text");
    // The same line with another URL and no body is a poll.
    let poll = submit.replace(submit::PATH, &job::PATH.replace("{batch_id}", id));
    let response = sent(reqwest::Method::GET, &poll);
    assert!(response.contains(r#""entities_fulfilled":1"#), "{response}");
    stop(child);
}

/// What the server answers to a pasted `curl` line: a shell takes the line apart, and the test sends it.
pub(crate) fn pasted(line: &str) -> String {
    sent(reqwest::Method::POST, line)
}

/// The same, with another method.
fn sent(method: reqwest::Method, line: &str) -> String {
    let script = format!(r#"curl() {{ for arg in "$@"; do printf '%s\0' "$arg"; done; }}; {line}"#);
    let output = Command::new("sh")
        .args(["-c", &script])
        .output()
        .expect("there is a shell");
    let text = String::from_utf8(output.stdout).expect("the line is text");
    let args: Vec<&str> = text.split('\0').collect();
    let url = args
        .iter()
        .find(|arg| arg.starts_with("http://"))
        .expect("there is a URL");
    let after = |flag: &'static str| {
        let pairs = args.windows(2);
        pairs
            .filter(move |pair| pair[0] == flag)
            .map(|pair| pair[1])
    };
    let mut request = crate::http::Http::new().request(method, *url);
    for (name, value) in after("-H").filter_map(|header| header.split_once(": ")) {
        request = request.header(name, value);
    }
    request = request.body(after("--data-raw").collect::<String>());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    runtime.block_on(async {
        let response = request.send().await.expect("the server answers");
        response.text().await.expect("the response is text")
    })
}

#[test]
fn an_interrupted_run_still_reports() {
    // Accepts connections and never answers, so that the run is surely under way when it is interrupted.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let base_url = format!("http://{}", silent.local_addr().expect("it has an address"));
    let directory = tempfile::tempdir().expect("a directory can be made");
    let path = directory.path().to_str().expect("its name is text");
    let mut child = spawn(&[
        "run",
        "--base-url",
        &base_url,
        "--format",
        "json",
        "--report",
        path,
    ]);
    let connection = silent.accept().expect("the run connects");
    interrupt(&child);
    until_told(&mut child);
    drop(connection);
    let report = report(&mut child);
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    let results: serde_json::Value = serde_json::from_str(&report).expect("the report is JSON");
    assert_eq!(results["verdict"], "interrupted");
    let written = std::fs::read_to_string(directory.path().join("results.json"));
    assert_eq!(written.expect("the report is there"), report);
    let junit = std::fs::read_to_string(directory.path().join("junit.xml"));
    let junit = junit.expect("the report is there");
    assert!(junit.contains("<error message=\"interrupted\""), "{junit}");
}

#[test]
fn a_submission_under_way_is_finished_and_its_job_is_named() {
    let id = "11111111-1111-4111-8111-111111111111";
    let (asked, is_asked) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let (requests, released) = (Arc::new(AtomicUsize::new(0)), Mutex::new(released));
    let count = requests.clone();
    let base_url = targets::serve(move |stream, request| {
        count.fetch_add(1, Ordering::Relaxed);
        if request.starts_with("GET") {
            return respond(stream, "200 OK", "application/json", EMPTY_LIST);
        }
        asked.send(()).expect("the test waits for it");
        let released = released.lock().expect("nobody panics");
        released.recv().expect("the test lets it go");
        let accepted = format!(r#"{{"batch_id":"{id}","status":"pending"}}"#);
        respond(stream, "200 OK", "application/json", &accepted);
    });
    let mut child = spawn(&[
        "run",
        "--base-url",
        &base_url,
        "--max-jobs=8",
        "--only=submit.*",
        "--format=json",
    ]);
    is_asked.recv().expect("the run submits");
    interrupt(&child);
    until_told(&mut child);
    release.send(()).expect("the server waits for it");
    let report = report(&mut child);
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    let results: serde_json::Value = serde_json::from_str(&report).expect("the report is JSON");
    assert_eq!(results["left_running"], serde_json::json!([id]));
    // The list, the balance, and the submission.
    assert_eq!(results["totals"]["exchanges"], 3);
    assert_eq!(requests.load(Ordering::Relaxed), 3);
}

#[test]
fn a_second_interrupt_ends_a_run_at_once() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let base_url = format!("http://{}", silent.local_addr().expect("it has an address"));
    let mut child = spawn(&["run", "--base-url", &base_url, "--timeout=3600"]);
    let _connection = silent.accept().expect("the run connects");
    interrupt(&child);
    until_told(&mut child);
    interrupt(&child);
    assert_eq!(report(&mut child), "");
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
}
