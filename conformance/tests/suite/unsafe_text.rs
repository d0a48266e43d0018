//! Text of a server that would move a cursor, ring a bell or reorder what people read: wherever it stands in a
//! response, none of it gets to a terminal or a page.

use std::fs;
use std::io::Write;

use crate::process::{SECRET, command, conformance_on, printed};
use crate::targets::serve;

/// ESC, BEL, the one-byte CSI, a right-to-left override, and an isolate.
const UNSAFE: &str = "\u{1b}[2J\u{7}\u{9b}31m\u{202e}gpj\u{2066}";

fn is_unsafe(c: char) -> bool {
    c.is_control() && c != '\n'
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[track_caller]
fn check(what: &str, text: &str) {
    let found = text.chars().position(is_unsafe);
    if let Some(at) = found {
        let around: String = text.chars().skip(at.saturating_sub(60)).take(120).collect();
        panic!("{what}: {around:?}");
    }
}

/// Runs against a server whose every response has this header and this body.
fn run(what: &str, header: &str, body: &str) {
    let response = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{header}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let target = serve(move |stream, _| {
        // A client that has gone away is no matter of the test's.
        let _ = stream.write_all(response.as_bytes());
    });
    let directory = tempfile::tempdir().expect("a directory can be made");
    let page = directory.path().join("page.md");
    let mut command = command(
        "run --seed 1 --max-jobs 1 --refusals 10 --cases 0 --only submit.* --skip submit.urls-string --skip submit.fields-* --only limit.headers --only list.shape --verbose",
    );
    command
        .args(["--base-url", &target, "--report"])
        .arg(directory.path())
        .env("CRUSTDATA_API_KEY", SECRET)
        .env("GITHUB_STEP_SUMMARY", &page);
    let printed = printed(command.output().expect("the binary runs"));
    assert!(
        [1, 3].contains(&printed.code),
        "{what}: {}{}",
        printed.out,
        printed.err
    );
    check(what, &printed.out);
    check(what, &printed.err);
    for name in [
        "page.md",
        "results.json",
        "junit.xml",
        "results.sarif",
        "report.html",
    ] {
        let text = fs::read_to_string(directory.path().join(name)).expect("it is text");
        check(&format!("{what}: {name}"), &text);
    }
    let json = conformance_on(
        &target,
        "run --seed 1 --max-jobs 1 --only submit.* --skip submit.urls-string --skip submit.fields-* --format json",
    );
    check(what, &json.out);
}

#[test]
fn in_any_part_of_a_response() {
    let member = |key: &str| {
        let value = serde_json::to_string(UNSAFE).expect("it is a string");
        let id = "7e96a0d7-0ea6-463c-8937-dfa59365c2e9";
        let accepted = format!(
            r#"{{"batch_id":"{id}","status":"pending","entity":"person","action":"contact_enrich","identifier_count":1,"entities_requested":1,"status_url":"/batch/{id}"}}"#
        );
        let (before, rest) = accepted
            .split_once(&format!("\"{key}\":"))
            .expect("it has the key");
        let end = rest.find([',', '}']).expect("more follows");
        format!("{before}\"{key}\":{value}{}", &rest[end..])
    };
    for key in ["batch_id", "status_url", "status", "entity"] {
        run(key, "", &member(key));
    }
    run("body", "", UNSAFE);
    // Bytes beyond ASCII are all that a header can smuggle in.
    run("header", "x-ratelimit-limit: \u{9b}31m\u{202e}\r\n", "{}");
}

#[test]
fn in_the_list_of_known_failures() {
    let list = tempfile::NamedTempFile::new().expect("a file can be made");
    let flag = format!(
        "run --cases 0 --only submit.entity --known-failures {}",
        list.path().display()
    );
    for text in [
        format!("not toml {UNSAFE}"),
        "['submit.ent\u{9b}\u{202e}ity']\nreason = 'x'".to_owned(),
        "[submit.'ent\u{9b}\u{202e}ity']\nreason = 'x'".to_owned(),
        "[submit.entity]\nreason = 'x\u{9b}\u{202e}'".to_owned(),
    ] {
        fs::write(list.path(), &text).expect("it can be written");
        let printed = printed(command(&flag).output().expect("the binary runs"));
        check(&text, &printed.out);
        check(&text, &printed.err);
    }
}
