//! What is shown while a run goes on: plain lines for a log, a line that is redrawn on a terminal.

use crate::process::conformance_on;
use crate::targets::{EMPTY_LIST, respond, serve};

const ARGS: &str = "run --only reject.missing-api-version";

/// Refuses every submission, and has no jobs.
fn target() -> String {
    serve(|stream, request| {
        if request.starts_with("GET") {
            respond(stream, "200 OK", "application/json", EMPTY_LIST);
        } else {
            let body = r#"{"error":{"type":"bad","message":"no","metadata":{}}}"#;
            respond(stream, "400 Bad Request", "application/json", body);
        }
    })
}

#[test]
fn a_log_gets_a_line_for_each_phase() {
    let printed = conformance_on(&target(), ARGS);
    assert_eq!(printed.code, 0, "{}", printed.err);
    let lines: Vec<&str> = printed.err.lines().collect();
    let plan = lines.first().expect("there are lines");
    assert!(plan.starts_with("at most "), "the plan comes first: {plan}");
    assert_eq!(lines.get(1), Some(&"preflight … (0 requests so far)"));
    let mut phases: Vec<&str> = lines
        .iter()
        .filter_map(|line| line.split(" … ").next())
        .collect();
    let all = phases.len();
    phases.dedup();
    assert_eq!(phases.len(), all, "a line a phase: {lines:?}");
    assert!(!printed.err.contains(['\r', '\u{1b}']), "{}", printed.err);
    assert!(!printed.out.contains('\u{1b}'), "{}", printed.out);
}

#[test]
fn a_long_wait_is_told_in_a_log() {
    let asked = std::sync::atomic::AtomicBool::new(false);
    let target = serve(move |stream, request| {
        if !request.starts_with("GET") || asked.swap(true, std::sync::atomic::Ordering::Relaxed) {
            return respond(stream, "400 Bad Request", "application/json", "{}");
        }
        let body = "slow down";
        // A client that has gone away is no matter of the test's.
        let _ = std::io::Write::write_all(
            stream,
            format!(
                "HTTP/1.1 429 Too Many Requests\r\nX-RateLimit-Reset: 80\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            )
            .as_bytes(),
        );
    });
    let mut child = crate::process::command(ARGS)
        .args(["--base-url", &target])
        .env("CRUSTDATA_API_KEY", crate::process::SECRET)
        .stderr(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("the binary starts");
    let err = child.stderr.take().expect("it is piped");
    let line = std::io::BufRead::lines(std::io::BufReader::new(err))
        .map_while(Result::ok)
        .find(|line| line.contains("next in"));
    child.kill().expect("it is still waiting");
    child.wait().expect("it ends");
    let line = line.expect("the wait is told before it is over");
    assert!(
        line.starts_with("preflight … (1 requests so far, next in "),
        "{line}"
    );
}

/// Runs on a terminal of its own, and gives back what it showed.
#[cfg(target_os = "linux")]
fn on_a_terminal(environment: &[(&str, &str)]) -> String {
    let line = format!(
        "{} {ARGS} --refusals 20 --rpm 600 --base-url {}",
        env!("CARGO_BIN_EXE_conformance"),
        target()
    );
    let output = std::process::Command::new("script")
        .args(["-qec", &line, "/dev/null"])
        .env("TERM", "xterm-256color")
        .env("CRUSTDATA_API_KEY", crate::process::SECRET)
        .env_remove("NO_COLOR")
        .env_remove("CI")
        .envs(environment.iter().copied())
        .stdin(std::process::Stdio::null())
        .output()
        .expect("util-linux has `script`");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_gets_a_line_that_is_redrawn_and_colours() {
    let shown = on_a_terminal(&[]);
    assert!(shown.contains("preflight …"), "{shown}");
    assert!(
        shown.contains("\u{1b}[2K"),
        "the line is cleared: {shown:?}"
    );
    assert!(shown.contains("\u{1b}[32m"), "green: {shown:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_that_wants_no_colour_gets_none() {
    let shown = on_a_terminal(&[("NO_COLOR", "1")]);
    assert!(shown.contains("verdict  conformant"), "{shown}");
    assert!(
        !shown.contains("\u{1b}[32m") && !shown.contains("\u{1b}[1m"),
        "{shown:?}"
    );
    let dumb = on_a_terminal(&[("TERM", "dumb")]);
    assert!(!dumb.contains("\u{1b}["), "{dumb:?}");
}
