//! What a client must understand of jobs, of the list, and of results files.

use std::io::Write;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::building::{FAILURE, ID, RESULTS, TERMINAL, TOLERATES, answer, case, json_answer};
use super::case::{Body, RecordOf, ResponseCase, Understood};
use crate::generated::contract::job::status;
use crate::generated::contract::{media_type, submit};

fn job(status: &str) -> Value {
    json!({"batch_id": ID, "status": status, "entity": "person", "action": submit::accepted::ACTION})
}

pub(super) fn jobs() -> Vec<ResponseCase> {
    let link = "https://store.example.com/results.jsonl.gz?expires=1&signature=2";
    let mut completed = job(status::COMPLETED);
    completed["result_count"] = json!(1);
    completed["download_url"] = json!(link);
    let mut nulls = job(status::PROCESSING);
    for key in [
        "result_count",
        "download_url",
        "download_urls",
        "error_message",
        "completed_at",
    ] {
        nulls[key] = Value::Null;
    }
    let mut failed = job(status::FAILED);
    failed["error_message"] = json!("It failed.");
    let mut foreign = job(status::PENDING);
    foreign["action"] = json!("company_v2024");
    foreign["progress"] = json!({"percent": null});
    let rows = [
        (
            "job-pending",
            "A job that waits is not over.",
            TERMINAL,
            job(status::PENDING),
        ),
        (
            "job-processing",
            "Nor is one that is worked on.",
            TERMINAL,
            job(status::PROCESSING),
        ),
        (
            "job-completed",
            "A completed job has results.",
            TERMINAL,
            completed,
        ),
        (
            "job-failed",
            "A failed job is over, and has none.",
            FAILURE,
            failed,
        ),
        (
            "job-with-nulls",
            "Optional values may be null.",
            TOLERATES,
            nulls,
        ),
        (
            "job-with-unknown-values",
            "Other actions and keys are no error.",
            TOLERATES,
            foreign,
        ),
    ];
    rows.into_iter()
        .map(|(name, about, clause, body)| {
            let status = body["status"].as_str().unwrap_or_default();
            let completed = status == status::COMPLETED;
            let means = Understood::Job {
                over: completed || status == status::FAILED,
                completed,
            };
            case(name, about, clause, json_answer(200, &body), means)
        })
        .collect()
}

pub(super) fn lists() -> Vec<ResponseCase> {
    let other = "00000000-0000-4000-8000-000000000001";
    let foreign = json!({
        "batch_id": other, "status": status::COMPLETED, "entity": "company", "action": "company_v2024",
    });
    let page =
        json!({"jobs": [job(status::PENDING), foreign], "next_cursor": null, "has_more": false});
    vec![case(
        "list-with-unknown-action",
        "A list may have jobs of other endpoints.",
        TOLERATES,
        json_answer(200, &page),
        Understood::List {
            ids: vec![ID.to_owned(), other.to_owned()],
        },
    )]
}

pub(super) fn results() -> Vec<ResponseCase> {
    let person = |number| format!("https://www.linkedin.com/in/example-vector-{number}/");
    let email = json!([{"email": "someone@example.com", "status": "deliverable"}]);
    let one = json!({
        "original_identifier": person(1), "internal_id": 1, "data": {"business_email": email},
    });
    let empty = json!({
        "original_identifier": person(2), "internal_id": null, "data": {"business_email": []},
    });
    let flat = json!({
        "professional_network_url": person(1), "person_id": 1, "business_email": email,
    });
    let record = |number, email: Option<&str>| RecordOf {
        identifier: person(number),
        business_email: email.map(str::to_owned),
    };
    let found = || record(1, Some("someone@example.com"));
    let both = format!("{one}\n{empty}\n");
    let (head, tail) = both.as_bytes().split_at(both.len() / 2);
    let whole = gzip(both.as_bytes());
    let cut = whole.get(..whole.len() / 2).unwrap_or_default().to_vec();
    let file = |bytes: &[u8]| {
        answer(
            200,
            media_type::RESULTS,
            Body::Base64(BASE64_STANDARD.encode(bytes)),
        )
    };
    let read = |records| Understood::Results {
        readable: true,
        records,
    };
    let unreadable = || Understood::Results {
        readable: false,
        records: Vec::new(),
    };
    vec![
        case(
            "results",
            "A file is gzip of JSON lines; a record without contacts is one, too.",
            RESULTS,
            file(&whole),
            read(vec![found(), record(2, None)]),
        ),
        case(
            "results-of-several-members",
            "All members of the gzip are unpacked, also where one ends within a line.",
            RESULTS,
            file(&[gzip(head), gzip(tail)].concat()),
            read(vec![found(), record(2, None)]),
        ),
        case(
            "results-flat",
            "A record may be the bare data.",
            RESULTS,
            file(&gzip(format!("{flat}\n").as_bytes())),
            read(vec![found()]),
        ),
        case(
            "results-cut-off",
            "A file that is cut off is no file.",
            FAILURE,
            file(&cut),
            unreadable(),
        ),
        case(
            "results-with-broken-line",
            "A line that is no JSON is said, not dropped.",
            FAILURE,
            file(&gzip(
                format!("{one}\n{{\"original_identifier\": \"htt").as_bytes(),
            )),
            unreadable(),
        ),
    ]
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory has no way to fail.
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.unwrap_or_default()
}
