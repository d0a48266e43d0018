//! What a client must understand.

use std::collections::BTreeMap;
use std::io::Write;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::header as standard;
use serde_json::{Value, json};

use super::case::{Answer, Body, Outcome, RecordOf, ResponseCase, Understood};
use crate::generated::contract::job::status;
use crate::generated::contract::{header, media_type, status_code, submit};

/// The id of the document's example.
const ID: &str = "7e96a0d7-0ea6-463c-8937-dfa59365c2e9";
const TOLERATES: &str = "client.tolerates";
const ONCE: &str = "client.submits-once";
const FAILURE: &str = "client.reports-failure";
const TERMINAL: &str = "client.terminal";
const RESULTS: &str = "client.results";

pub(super) fn cases() -> Vec<ResponseCase> {
    [submissions(), refusals(), jobs(), lists(), results()]
        .into_iter()
        .flatten()
        .collect()
}

fn case(
    name: &str,
    about: &str,
    clause: &'static str,
    response: Answer,
    means: Understood,
) -> ResponseCase {
    ResponseCase {
        name: name.to_owned(),
        about: about.to_owned(),
        clause,
        response,
        means,
    }
}

fn answer(status: u16, content_type: &str, body: Body) -> Answer {
    let content_type = (standard::CONTENT_TYPE.as_str(), content_type.to_owned());
    Answer {
        status,
        headers: BTreeMap::from([content_type]),
        body,
    }
}

fn json_answer(status: u16, body: &Value) -> Answer {
    answer(status, media_type::JSON, Body::Text(body.to_string()))
}

fn submissions() -> Vec<ResponseCase> {
    let accepted = || Understood::Submit(Outcome::Accepted(ID.to_owned()));
    let unknown = || Understood::Submit(Outcome::Unknown);
    let example: Value = serde_json::from_str(submit::example::RESPONSE).unwrap_or_default();
    let mut extra = example.clone();
    extra["request_id"] = json!("req-1");
    extra["warnings"] = json!([]);
    let bare = json!({"batch_id": ID});
    let mut without_id = example.clone();
    if let Some(keys) = without_id.as_object_mut() {
        keys.retain(|key, _| key != "batch_id" && key != "status_url");
    }
    let mut cases: Vec<_> = [200, 201, 202]
        .into_iter()
        .map(|code| {
            let name = format!("accepted-with-{code}");
            let about = "A submission is accepted, with any of the statuses that are open.";
            case(
                &name,
                about,
                TOLERATES,
                json_answer(code, &example),
                accepted(),
            )
        })
        .collect();
    cases.extend([
        case(
            "accepted-with-extra-keys",
            "Keys that nobody knows change nothing.",
            TOLERATES,
            json_answer(200, &extra),
            accepted(),
        ),
        case(
            "accepted-with-id-alone",
            "A job that has an id is made, whatever else is missing: it is paid for.",
            TOLERATES,
            json_answer(200, &bare),
            accepted(),
        ),
        case(
            "success-without-id",
            "A 2xx without an id may have made a job.",
            ONCE,
            json_answer(200, &without_id),
            unknown(),
        ),
        case(
            "success-of-html",
            "A 2xx that is not JSON may have made a job.",
            ONCE,
            answer(200, "text/html", Body::Text("<html>OK</html>".to_owned())),
            unknown(),
        ),
        case(
            "server-error",
            "A 5xx may have made a job.",
            ONCE,
            json_answer(
                status_code::SERVER_ERROR,
                &error("internal_error", json!({})),
            ),
            unknown(),
        ),
        case(
            "bad-gateway-of-html",
            "So may one of a gateway.",
            ONCE,
            answer(
                502,
                "text/html",
                Body::Text("<html>Bad Gateway</html>".to_owned()),
            ),
            unknown(),
        ),
    ]);
    cases
}

fn error(kind: &str, metadata: Value) -> Value {
    json!({"error": {"type": kind, "message": "It is refused.", "metadata": metadata}})
}

fn refusals() -> Vec<ResponseCase> {
    let refused = || Understood::Submit(Outcome::Refused);
    let flat = json!({"message": "No valid API key."});
    let denied = json!([{"denied_fields": ["personal_contact_info"]}]);
    let rows = [
        (
            "bad-request",
            status_code::BAD_REQUEST,
            error("invalid_request", json!({})),
        ),
        ("unauthorized-flat", status_code::UNAUTHORIZED, flat),
        (
            "out-of-credits",
            status_code::INSUFFICIENT_CREDITS,
            error("insufficient_credits", json!({})),
        ),
        (
            "forbidden-with-list",
            status_code::FORBIDDEN,
            error("permission_error", denied),
        ),
    ];
    let mut cases: Vec<_> = rows
        .into_iter()
        .map(|(name, code, body)| {
            let about = "A submission is refused, and trying again does not help.";
            case(name, about, FAILURE, json_answer(code, &body), refused())
        })
        .collect();
    let mut throttled = json_answer(
        status_code::TOO_MANY_REQUESTS,
        &error("rate_limit_exceeded", json!({})),
    );
    for (name, value) in [
        (header::RATE_LIMIT_LIMIT, "15"),
        (header::RATE_LIMIT_REMAINING, "0"),
        (header::RATE_LIMIT_RESET, "7"),
    ] {
        throttled.headers.insert(name, value.to_owned());
    }
    cases.push(case(
        "throttled",
        "A submission is turned away for now, and the headers say for how long.",
        "client.pace",
        throttled,
        Understood::Submit(Outcome::Throttled(7)),
    ));
    cases
}

fn job(status: &str) -> Value {
    json!({"batch_id": ID, "status": status, "entity": "person", "action": submit::accepted::ACTION})
}

fn jobs() -> Vec<ResponseCase> {
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

fn lists() -> Vec<ResponseCase> {
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

fn results() -> Vec<ResponseCase> {
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
