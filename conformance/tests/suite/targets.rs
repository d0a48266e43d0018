//! Targets that misbehave as a whole: each ends in a finding or in an inconclusive run, with the documented
//! exit code, and none can make the suite hang or pass the ceiling on jobs.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use crate::process::{Printed, conformance_on, json, with_status};

/// A list of jobs without any.
pub(crate) const EMPTY_LIST: &str = r#"{"jobs":[],"next_cursor":null,"has_more":false}"#;

/// Where nobody listens. A port that was free a moment ago may be another test's.
pub(crate) const NOBODY: &str = "http://127.0.0.1:1";

/// Serves every connection with `respond`, on a thread of its own until the test process ends.
pub(crate) fn serve(respond: impl Fn(&mut TcpStream, &str) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = listener.local_addr().expect("it has an address");
    let respond = Arc::new(respond);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let respond = respond.clone();
            std::thread::spawn(move || {
                let mut stream = stream;
                if let Some(request) = read_request(&mut stream) {
                    respond(&mut stream, &request);
                }
            });
        }
    });
    format!("http://{address}")
}

/// Reads one request with its body, as text.
pub(crate) fn read_request(stream: &mut impl Read) -> Option<String> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 16 * 1024];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .filter_map(|line| line.split_once(':'))
                .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .and_then(|(_, value)| value.trim().parse::<usize>().ok())
                .unwrap_or(0);
            if body.len() >= length {
                return Some(text);
            }
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return None,
            Ok(n) => bytes.extend_from_slice(&buffer[..n]),
        }
    }
}

pub(crate) fn respond(stream: &mut impl Write, status: &str, kind: &str, body: &str) {
    // A client that has gone away is no matter of the test's.
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
}

#[test]
fn a_body_that_breaks_off_is_a_finding() {
    let target = serve(|stream, _| {
        let _ = write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{{\"batch_id\":"
        );
    });
    let printed = conformance_on(&target, "run --max-jobs 50 --format json");
    assert_eq!(printed.code, 1);
    assert!(with_status(&json(&printed), "fail").contains(&"submit.accepted".to_owned()));
}

#[test]
fn a_body_without_end_is_cut_off_and_a_finding() {
    let target = serve(|stream, _| {
        let length = 100 << 20;
        let _ = write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n"
        );
        let block = vec![b' '; 1 << 20];
        while stream.write_all(&block).is_ok() {}
    });
    let printed = conformance_on(
        &target,
        "run --only submit.accepted --max-jobs 1 --format json",
    );
    assert_eq!(printed.code, 1);
    let got = json(&printed)["checks"][0]["findings"][0]["got"].to_string();
    assert!(got.contains("more than"), "{got}");
}

#[test]
fn silence_is_inconclusive() {
    let target = serve(|stream, _| {
        // Holds the connection open until the suite has given up on it.
        let _ = stream.read(&mut [0]);
    });
    let printed = conformance_on(&target, "run --timeout 1");
    assert_eq!(printed.code, 3, "{}", printed.out);
    assert!(
        printed.out.contains("no whole response in 1s"),
        "{}",
        printed.out
    );
}

#[test]
fn a_refused_key_is_inconclusive_and_says_so() {
    let target = serve(|stream, _| {
        respond(
            stream,
            "401 Unauthorized",
            "application/json",
            r#"{"message":"no"}"#,
        );
    });
    let printed = conformance_on(&target, "run");
    assert_eq!(printed.code, 3, "{}", printed.out);
    assert!(
        printed.out.contains("check CRUSTDATA_API_KEY"),
        "{}",
        printed.out
    );
}

/// [`conformance_on`] looks for the key in everything that is printed.
#[test]
fn a_server_that_repeats_the_key_does_not_get_it_printed() {
    let target = serve(|stream, request| {
        let body = serde_json::json!({ "you_sent": request }).to_string();
        respond(stream, "418 I'm a teapot", "application/json", &body);
    });
    let printed = conformance_on(&target, "run --max-jobs 2 --format json");
    assert_eq!(printed.code, 1, "{}", printed.err);
    assert!(printed.out.contains("you_sent"), "{}", printed.out);
}

/// A server that takes everything: the ceiling holds all the same.
#[test]
fn the_ceiling_on_jobs_is_never_passed() {
    for (most, allowed) in [(1, 1), (3, 3), (8, 8), (0, 1)] {
        let accepted = Arc::new(AtomicU64::new(0));
        let count = accepted.clone();
        let target = serve(move |stream, request| {
            if request.starts_with("GET") {
                return respond(stream, "404 Not Found", "application/json", "{}");
            }
            let n = count.fetch_add(1, Ordering::Relaxed);
            let body = format!(r#"{{"batch_id":"00000000-0000-4000-8000-{n:012}"}}"#);
            respond(stream, "200 OK", "application/json", &body);
        });
        let printed = conformance_on(&target, &format!("run --max-jobs {most} --cases 50"));
        assert_eq!(printed.code, 1, "{}", printed.out);
        assert_eq!(
            accepted.load(Ordering::Relaxed),
            allowed,
            "--max-jobs {most}"
        );
    }
}

/// What a server answers that is asked for `--profile-url` a single time, and how often it is asked with the same body.
fn submissions_of_a_profile(first_status: &'static str) -> (serde_json::Value, usize) {
    let bodies = Arc::new(Mutex::new(Vec::new()));
    let seen = bodies.clone();
    let target = serve(move |stream, request| {
        if request.starts_with("GET") {
            return respond(stream, "200 OK", "application/json", EMPTY_LIST);
        }
        let (_, body) = request.split_once("\r\n\r\n").expect("it is a request");
        let mut bodies = seen.lock().expect("nobody panics");
        bodies.push(body.to_owned());
        if bodies.len() == 1 {
            respond(stream, first_status, "application/json", "{}");
        } else {
            respond(stream, "400 Bad Request", "application/json", "{}");
        }
    });
    let profile = "https://www.linkedin.com/in/somebody-of-mine";
    let printed = conformance_on(
        &target,
        &format!(
            "run --only submit.webhook-url --max-jobs 8 --profile-url {profile} --format json"
        ),
    );
    let results = json(&printed);
    let bodies = bodies.lock().expect("nobody panics");
    assert!(bodies[0].contains(profile), "{bodies:?}");
    let same = bodies.iter().filter(|body| **body == bodies[0]).count();
    (results["checks"][0].clone(), same)
}

#[test]
fn a_submission_of_the_users_profile_that_may_have_been_accepted_is_not_repeated() {
    let (check, sent) = submissions_of_a_profile("503 Service Unavailable");
    assert_eq!(sent, 1);
    assert_eq!(check["status"], "untestable");
    let reason = check["reason"].as_str().expect("there is a reason");
    assert!(reason.contains("billed twice"), "{reason}");
}

#[test]
fn a_submission_of_the_users_profile_that_was_not_accepted_is_repeated() {
    let (_, sent) = submissions_of_a_profile("429 Too Many Requests");
    assert_eq!(sent, 2);
}

/// What is said of a server that cuts off its first `most` responses about a job, of which it has none.
fn a_run_on_cut_reads(most: u64) -> serde_json::Value {
    json(&print_a_run_on_cut_reads(most, "--format json"))
}

fn print_a_run_on_cut_reads(most: u64, args: &str) -> Printed {
    let reads = AtomicU64::new(0);
    let target = serve(move |stream, request| {
        if request.starts_with("GET /batch?") {
            respond(stream, "200 OK", "application/json", EMPTY_LIST);
        } else if request.starts_with("GET /batch/") && reads.fetch_add(1, Ordering::Relaxed) < most
        {
            let _ = write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{{");
        } else {
            let body = r#"{"error":{"type":"none","message":"no such job","metadata":{}}}"#;
            respond(stream, "404 Not Found", "application/json", body);
        }
    });
    conformance_on(&target, &format!("run --only job.unknown-id {args}"))
}

#[test]
fn every_report_names_a_read_that_was_cut_off() {
    let directory = tempfile::tempdir().expect("a directory can be made");
    let path = directory.path().display();
    print_a_run_on_cut_reads(1, &format!("--report {path}"));
    let read = |name: &str| {
        let text = std::fs::read_to_string(directory.path().join(name));
        text.unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let remark = "cut off, repeated, and judged by that: GET /batch/";
    assert!(read("junit.xml").contains(remark));
    assert!(read("results.sarif").contains(remark));
    assert!(read("results.json").contains("cut_once"));
}

#[test]
fn a_read_that_is_cut_off_once_is_named_and_held_against_nothing() {
    let results = a_run_on_cut_reads(1);
    let passed = with_status(&results, "pass");
    assert_eq!(passed, ["job.unknown-id"], "{results:#}");
    let named = results["cut_once"].as_array().expect("it is a list");
    assert_eq!(named.len(), 1, "{named:?}");
    let read = named[0].as_str().unwrap_or_default();
    assert!(read.starts_with("GET /batch/"), "{read}");
}

#[test]
fn a_read_that_is_cut_off_again_is_a_finding() {
    let results = a_run_on_cut_reads(u64::MAX);
    let told = with_status(&results, "warn");
    assert_eq!(told, ["job.unknown-id"], "{results:#}");
}
