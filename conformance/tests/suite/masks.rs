//! What is hidden from reports: e-mail addresses, phone numbers and signatures, wherever a server puts them.

use std::io::{Read, Write};

use crustdata_conformance::recording;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use crate::process::conformance_on;
use crate::targets::{respond, serve};

/// What must not come out, in no form.
const PERSONAL: [&str; 8] = [
    "feedface",
    "jane.doe",
    "janedoe",
    "acme.example",
    "555 0042",
    "123-0042",
    "123 0042",
    "5551234567",
];

/// What a run on a server that answers every request with `body` writes, and the bodies of its recording.
fn reports(body: &[u8]) -> (String, Vec<Vec<u8>>) {
    let body = body.to_vec();
    let target = serve(move |stream, _| {
        let length = body.len();
        // A client that has gone away is no matter of the test's.
        let _ = write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nX-Contact: jane.doe@acme.example\r\nConnection: close\r\n\r\n"
        );
        let _ = stream.write_all(&body);
    });
    let directory = tempfile::tempdir().expect("a directory can be made");
    let path = directory.path();
    let args = format!("run --seed 1 --max-jobs 2 --report {}", path.display());
    let printed = conformance_on(&target, &args);
    assert_eq!(printed.code, 1, "{}", printed.err);
    let mut all = printed.out;
    for name in [
        "results.json",
        "junit.xml",
        "results.sarif",
        "report.html",
        "exchanges.ndjson",
    ] {
        all += &std::fs::read_to_string(path.join(name)).expect("the report is there");
    }
    let file = std::fs::File::open(path.join("exchanges.ndjson")).expect("the report is there");
    let exchanges = recording::read(std::io::BufReader::new(file)).expect("it is a recording");
    let bodies = exchanges
        .map(|exchange| exchange.expect("it is whole"))
        .filter_map(|exchange| Some(exchange.outcome.ok()?.body.to_vec()))
        .collect();
    (all, bodies)
}

#[track_caller]
fn hidden(text: &str) {
    for personal in PERSONAL {
        if let Some(at) = text.find(personal) {
            panic!(
                "{personal} is in: {}",
                &text[at.saturating_sub(80)..][..160]
            );
        }
    }
}

#[test]
fn in_json_of_any_shape() {
    let body = r#"{"batch_id":"jane.doe@acme.example","business_email":[{"email":"jane.doe@acme.example","status":"deliverable"}],
        "personal_contact_info":{"personal_emails":[{"email":"janedoe@mail.test"}],"phone_numbers":["+49 555 0042-17","5551234567"]},
        "phone":5551234567,"download_url":"https://store.test/a?Expires=1&X-Amz-Signature=feedface0123",
        "download_urls":["https://store.test/a?X-Amz-Signature=feedface0123\u0026Expires=1"],"note":"call (555) 123-0042 or +1 555 123 0042, or write to jane.doe%40acme.example"}"#;
    let (all, bodies) = reports(body.as_bytes());
    hidden(&all);
    let json: serde_json::Value =
        serde_json::from_slice(&bodies[0]).expect("what was JSON still is");
    assert_eq!(
        json["business_email"][0]["email"], json["batch_id"],
        "equal stays equal"
    );
    let phones = &json["personal_contact_info"]["phone_numbers"];
    assert!(phones[0].is_string() && phones[0] != phones[1], "{phones}");
    assert!(json["phone"].is_u64(), "a number stays one");
    let link = "https://store.test/a?Expires=1&X-Amz-Signature=masked-1";
    assert_eq!(json["download_url"], link);
    let part = "https://store.test/a?X-Amz-Signature=masked-1&Expires=1";
    assert_eq!(json["download_urls"][0], part);
    assert_eq!(json["business_email"][0]["status"], "deliverable");
}

#[test]
fn in_packed_lines() {
    let lines = "{\"original_identifier\":\"x\",\"data\":{\"phone_numbers\":[\"5551234567\"]}}\n{\"email\":\"jane.doe@acme.example\"}\n";
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(lines.as_bytes()).expect("it packs");
    let packed = encoder.finish().expect("it packs");
    let unpacked = |bytes: &[u8]| {
        let mut text = String::new();
        let whole = GzDecoder::new(bytes).read_to_string(&mut text).is_ok();
        (whole, text)
    };
    let (all, bodies) = reports(&packed);
    hidden(&all);
    let (whole, text) = unpacked(&bodies[0]);
    assert!(whole && text.lines().count() == 2, "{text}");
    hidden(&text);

    let (_, bodies) = reports(&packed[..packed.len() - 6]);
    let (whole, text) = unpacked(&bodies[0]);
    assert!(!whole, "what was cut off still is");
    hidden(&text);
}

/// Nothing else is touched: ids, times and profile URLs look like numbers too.
#[test]
fn and_nothing_else() {
    let body = r#"{"batch_id":"12345678-1234-4123-8123-123456789012","at":"2025-11-01T10:00:00.123456+00:00",
        "identifier_count":1e400,"status_url":"/batch/1234567890","count":15551234567,"x":"www.linkedin.com/in/a-123456789"}"#;
    let (_, bodies) = reports(body.as_bytes());
    assert_eq!(String::from_utf8_lossy(&bodies[0]), body);
}

#[test]
fn in_what_a_finding_quotes() {
    let target = serve(|stream, _| {
        let body = r#"{"message":"no credits left for jane.doe@acme.example"}"#;
        respond(stream, "418 I'm a teapot", "application/json", body);
    });
    let printed = conformance_on(&target, "run --max-jobs 1");
    hidden(&printed.out);
    assert!(
        printed.out.contains("email-1@masked.invalid"),
        "{}",
        printed.out
    );
}
