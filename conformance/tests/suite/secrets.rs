//! The key does not get into recordings and reports: not when a server repeats it in a response, in whatever
//! form, and not when it sends it to a webhook.

use std::io::{BufReader, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicU64, Ordering};

use crustdata_conformance::contract::request::Operation;
use crustdata_conformance::exchange::KEY_PLACEHOLDER;
use crustdata_conformance::recording;

use crate::process::{command, printed};
use crate::targets::{respond, serve};

const KEY: &str = "sk/never-to-be-printed/0123456789";
/// What of the key is the same in every form below.
const PART: &str = "never-to-be-printed";
const FORMS: [&str; 5] = [
    KEY,
    r"sk\/never-to-be-printed\/0123456789",
    r"sk\u002fnever-to-be-printed\u002F0123456789",
    r"sk\\/never-to-be-printed\\u002f0123456789",
    "sk%2Fnever-to-be-printed%2f0123456789",
];

/// Accepts every submission and delivers to its webhook at once; every response, and the delivery, has the key.
fn repeats_the_key() -> String {
    let jobs = AtomicU64::new(0);
    serve(move |stream, request| {
        let forms = FORMS.join(" ");
        if request.starts_with("POST") {
            if let Some((_, rest)) = request.split_once(r#""webhook_url":"http://"#) {
                deliver(rest.split('"').next().unwrap_or_default(), &forms);
            }
            let n = jobs.fetch_add(1, Ordering::Relaxed);
            let body =
                format!(r#"{{"batch_id":"00000000-0000-4000-8000-{n:012}","echo":"{forms}"}}"#);
            return respond(stream, "200 OK", "application/json", &body);
        }
        let body = format!(r#"{{"status":"completed","echo":"{forms}"}}"#);
        let kind = format!("application/json; echo=\"{forms}\"");
        respond(stream, "200 OK", &kind, &body);
    })
}

fn deliver(webhook: &str, forms: &str) {
    let (host, path) = webhook.split_once('/').expect("it has a path");
    let mut stream = TcpStream::connect(host).expect("somebody listens");
    let body = format!(r#"{{"echo":"{forms}"}}"#);
    let length = body.len();
    write!(
        stream,
        "POST /{path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {KEY}\r\nX-Echo: {forms}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .expect("it is read");
    let _ = std::io::read_to_string(&stream);
}

#[test]
fn neither_responses_nor_webhook_deliveries_bring_the_key_into_a_report() {
    let directory = tempfile::tempdir().expect("a directory can be made");
    let path = directory.path();
    let mut run = command(&format!(
        "run --seed 1 --max-jobs 60 --rpm 60000 --report {}",
        path.display()
    ));
    run.args(["--base-url", &repeats_the_key()]);
    let printed = printed(
        run.env("CRUSTDATA_API_KEY", KEY)
            .output()
            .expect("the binary runs"),
    );
    assert_eq!(printed.code, 1, "{}", printed.err);
    let mut all = printed.out + &printed.err;
    for name in [
        "results.json",
        "junit.xml",
        "results.sarif",
        "report.html",
        "exchanges.ndjson",
    ] {
        all += &std::fs::read_to_string(path.join(name)).expect("the report is there");
    }
    if let Some(at) = all.find(PART) {
        panic!("the key is in: {}", &all[at.saturating_sub(200)..][..260]);
    }
    let file = std::fs::File::open(path.join("exchanges.ndjson")).expect("it is there");
    let mut exchanges = recording::read(BufReader::new(file)).expect("it is a recording");
    let delivered = exchanges.any(|exchange| {
        let request = exchange.expect("it is whole").request;
        matches!(request.operation(), Operation::Delivery(_))
            && (request.headers.get("authorization"))
                .is_some_and(|value| *value == format!("Bearer {KEY_PLACEHOLDER}"))
            && request
                .body
                .starts_with(format!(r#"{{"echo":"{KEY_PLACEHOLDER} "#).as_bytes())
    });
    assert!(delivered, "no delivery was recorded");
}
