//! Variants in how a response looks: its status, its headers, its keys, and how it travels.

use axum::http::StatusCode;
use chrono::{DateTime, FixedOffset, SecondsFormat};
use serde_json::{Value, json};

use crate::edits::status;
use crate::generated::contract;
use crate::hooks::{Fault, variant};
use crate::response::{Framing, Payload, Response};

/// Seconds east of Greenwich, where dates may be written too.
const OFFSET: i32 = 19_800;

pub(super) fn variants() -> Vec<Fault> {
    [responses(), reports()].into_iter().flatten().collect()
}

fn responses() -> Vec<Fault> {
    vec![
        variant("created")
            .about("Submissions are accepted with 201.")
            .accepted(status(StatusCode::CREATED)),
        variant("accepted")
            .about("Submissions are accepted with 202.")
            .accepted(status(StatusCode::ACCEPTED)),
        variant("extra-keys")
            .about("Every response has keys that nobody knows.")
            .response(|response, _| {
                response.set("request_id", "req-1");
                response.set("warnings", json!([]));
                response.set_in_error("documentation_url", "https://example.com/errors");
            }),
        variant("other-key-order")
            .about("Every response has its keys in another order, and white space in between.")
            .response(reverse_keys),
        variant("charset")
            .about("The content type has a charset.")
            .response(|response, _| response.content_type = "application/json; charset=utf-8"),
        variant("content-type-in-capitals")
            .about("The content type has odd capitals and spaces.")
            .response(|response, _| response.content_type = "Application/JSON ;Charset=UTF-8"),
        variant("connection-close")
            .about("Every connection is closed after one response.")
            .response(|response, _| response.framing = Framing::Close),
        variant("chunked")
            .about("Every body comes in chunks.")
            .response(|response, _| response.framing = Framing::Chunked),
        variant("gzip")
            .about("Every body is compressed, unless the request rules it out.")
            .response(|response, _| response.framing = Framing::Gzip),
        variant("metadata-list")
            .about("The metadata of every error is a list.")
            .response(|response, _| {
                if let Some(metadata) = metadata(response) {
                    response.set_in_error("metadata", json!([{"path": "body"}, metadata]));
                }
            }),
        variant("metadata-null")
            .about("The metadata of an error that has none is null.")
            .response(|response, _| {
                if metadata(response) == Some(json!({})) {
                    response.set_in_error("metadata", Value::Null);
                }
            }),
        variant("unauthorized-enveloped")
            .about("A 401 has the envelope of the other errors.")
            .response(|response, _| {
                if response.status == StatusCode::UNAUTHORIZED {
                    let (kind, message) = ("unauthorized", "No valid API key.");
                    let error = json!({"type": kind, "message": message, "metadata": {}});
                    response.body = Payload::Json(json!({"error": error}));
                }
            }),
        variant("bad-request-for-not-found")
            .about("A job that there is not gets 400.")
            .unknown(|response, _| response.status = StatusCode::BAD_REQUEST),
    ]
}

fn reports() -> Vec<Fault> {
    vec![
        variant("optional-values-null")
            .about("A job's counts are null, and so are its other values that say nothing.")
            .report(|job, _| {
                for key in [
                    "identifier_count",
                    "entities_requested",
                    "entities_fulfilled",
                ] {
                    job.insert(key.to_owned(), Value::Null);
                }
                for key in [
                    "result_count",
                    "download_url",
                    "download_urls",
                    "error_message",
                ] {
                    job.entry(key).or_insert(Value::Null);
                }
            }),
        variant("optional-values-absent")
            .about("A job has no optional values beyond its link and what it takes to judge it.")
            .report(|job, _| {
                let kept = ["download_url", "download_urls", "result_count"];
                job.retain(|key, value| {
                    let is_required = contract::job::REQUIRED.iter().any(|(name, _)| name == key);
                    is_required || (kept.contains(&key.as_str()) && !value.is_null())
                });
            }),
        variant("optional-values-zero")
            .about(
                "Where there is nothing to say, counts are zero, links empty and messages blank.",
            )
            .report(|job, _| {
                for (key, nothing) in [
                    ("entities_fulfilled", json!(0)),
                    ("result_count", json!(0)),
                    ("download_url", json!("")),
                    ("download_urls", json!([])),
                    ("error_message", json!("")),
                ] {
                    job.entry(key).or_insert(nothing);
                }
            }),
        variant("dates-with-other-offset")
            .about("A job's dates have the offset of another place, and no fractions.")
            .report(|job, _| {
                for key in ["created_at", "completed_at"] {
                    let date = job.get(key).and_then(Value::as_str);
                    let date = date.and_then(|date| DateTime::parse_from_rfc3339(date).ok());
                    if let (Some(date), Some(offset)) = (date, FixedOffset::east_opt(OFFSET)) {
                        let date = date.with_timezone(&offset);
                        let text = date.to_rfc3339_opts(SecondsFormat::Secs, false);
                        job.insert(key.to_owned(), text.into());
                    }
                }
            }),
        variant("job-extra-keys")
            .about("A job has keys that nobody knows, wherever it is shown.")
            .report(|job, _| {
                job.insert("progress".to_owned(), json!({"percent": null}));
                job.insert("results_expire_at".to_owned(), Value::Null);
            }),
    ]
}

/// The metadata of the error in the body, if there is one.
fn metadata(response: &Response) -> Option<Value> {
    response.get("error")?.get("metadata").cloned()
}

/// Writes the keys of an object backwards.
fn reverse_keys(response: &mut Response, (): &()) {
    if let Payload::Json(Value::Object(body)) = &response.body {
        let keys: Vec<_> = body
            .iter()
            .rev()
            .map(|(key, value)| format!("\n  {} : {value}", Value::from(key.as_str())))
            .collect();
        response.body = Payload::Text(format!("{{{}\n}}\n", keys.join(" ,")));
    }
}
