//! `serve`, and runs that are ended from outside: a clean stop, the documented exit code, reports written.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use crustdata_conformance::generated::contract::SUBMIT_PATH;

use crate::process::SECRET;

fn spawn(args: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_conformance"))
        .args(args)
        .env("CRUSTDATA_API_KEY", SECRET)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts")
}

/// What Ctrl-C does.
fn interrupt(child: &Child) {
    let sent = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(sent.expect("there is a kill").success());
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
        assert_eq!(log, format!("POST {SUBMIT_PATH} 200\n"));
        assert_eq!(child.wait().expect("it ends").code(), Some(0));
    }
}

/// What the server answers to a pasted `curl` line: a shell takes the line apart, and the test sends it.
pub(crate) fn pasted(line: &str) -> String {
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
    let mut request = crate::http::Http::new().post(*url);
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
    let mut report = String::new();
    let mut out = child.stdout.take().expect("it is piped");
    out.read_to_string(&mut report).expect("the report is text");
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    let results: serde_json::Value = serde_json::from_str(&report).expect("the report is JSON");
    assert_eq!(results["verdict"], "interrupted");
    let written = std::fs::read_to_string(directory.path().join("results.json"));
    assert_eq!(written.expect("the report is there"), report);
    let junit = std::fs::read_to_string(directory.path().join("junit.xml"));
    let junit = junit.expect("the report is there");
    assert!(junit.contains("<error message=\"interrupted\""), "{junit}");
    drop(connection);
}
