//! Variants in how an answer looks: its status, its headers, its keys, and how it travels.

use axum::http::StatusCode;
use chrono::{DateTime, FixedOffset, SecondsFormat};
use serde_json::{Value, json};

use super::NOTHING;
use crate::answer::{Answer, Framing, Payload};
use crate::effect::Effect::{Accepted, Every, Job};
use crate::faults::Fault;
use crate::generated::contract;

pub(super) static VARIANTS: &[Fault] = &[
    Fault {
        name: "created",
        breaks: NOTHING,
        about: "Submissions are accepted with 201.",
        effects: &[Accepted(|answer, _| answer.status = StatusCode::CREATED)],
    },
    Fault {
        name: "accepted",
        breaks: NOTHING,
        about: "Submissions are accepted with 202.",
        effects: &[Accepted(|answer, _| answer.status = StatusCode::ACCEPTED)],
    },
    Fault {
        name: "extra-keys",
        breaks: NOTHING,
        about: "Every answer has keys that nobody knows.",
        effects: &[Every(|answer| {
            answer.keys().set("request_id", "req-1");
            answer.keys().set("warnings", json!([]));
            answer
                .error_keys()
                .set("documentation_url", "https://example.com/errors");
        })],
    },
    Fault {
        name: "other-key-order",
        breaks: NOTHING,
        about: "Every answer has its keys in another order, and white space between them.",
        effects: &[Every(reverse_keys)],
    },
    Fault {
        name: "charset",
        breaks: NOTHING,
        about: "The content type has a charset.",
        effects: &[Every(|answer| {
            answer.content_type = "application/json; charset=utf-8"
        })],
    },
    Fault {
        name: "content-type-in-capitals",
        breaks: NOTHING,
        about: "The content type has odd capitals and spaces.",
        effects: &[Every(|answer| {
            answer.content_type = "Application/JSON ;Charset=UTF-8"
        })],
    },
    Fault {
        name: "connection-close",
        breaks: NOTHING,
        about: "Every connection is closed after one answer.",
        effects: &[Every(|answer| answer.framing = Framing::Close)],
    },
    Fault {
        name: "chunked",
        breaks: NOTHING,
        about: "Every body comes in chunks.",
        effects: &[Every(|answer| answer.framing = Framing::Chunked)],
    },
    Fault {
        name: "gzip",
        breaks: NOTHING,
        about: "Every body is compressed, unless the request rules it out.",
        effects: &[Every(|answer| answer.framing = Framing::Gzip)],
    },
    Fault {
        name: "metadata-list",
        breaks: NOTHING,
        about: "The metadata of every error is a list.",
        effects: &[Every(|answer| {
            if let Some(metadata) = answer.error_keys().get("metadata") {
                answer
                    .error_keys()
                    .set("metadata", json!([{"path": "body"}, metadata]));
            }
        })],
    },
    Fault {
        name: "metadata-null",
        breaks: NOTHING,
        about: "The metadata of an error that has none is null.",
        effects: &[Every(|answer| {
            if answer.error_keys().get("metadata") == Some(json!({})) {
                answer.error_keys().set("metadata", Value::Null);
            }
        })],
    },
    Fault {
        name: "unauthorized-enveloped",
        breaks: NOTHING,
        about: "A 401 has the envelope of the other errors.",
        effects: &[Every(|answer| {
            if answer.status == StatusCode::UNAUTHORIZED {
                let error =
                    json!({"type": "unauthorized", "message": "No valid API key.", "metadata": {}});
                answer.body = Payload::Json(json!({"error": error}));
            }
        })],
    },
    Fault {
        name: "bad-request-for-not-found",
        breaks: NOTHING,
        about: "What is not found is answered with 400.",
        effects: &[Every(|answer| {
            if answer.status == StatusCode::NOT_FOUND {
                answer.status = StatusCode::BAD_REQUEST;
            }
        })],
    },
    Fault {
        name: "optional-values-null",
        breaks: NOTHING,
        about: "A job's optional values are null where there is nothing to say, and its counts always.",
        effects: &[Job(|job, _| {
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
        })],
    },
    Fault {
        name: "optional-values-absent",
        breaks: NOTHING,
        about: "A job has no optional values beyond its link and what it takes to judge it.",
        effects: &[Job(|job, _| {
            let kept = ["download_url", "download_urls", "result_count"];
            job.retain(|key, value| {
                let is_required = contract::job::REQUIRED.iter().any(|(name, _)| name == key);
                is_required || (kept.contains(&key.as_str()) && !value.is_null())
            });
        })],
    },
    Fault {
        name: "optional-values-zero",
        breaks: NOTHING,
        about: "A job's counts are zero, its links empty and its message blank where there is nothing to say.",
        effects: &[Job(|job, _| {
            for (key, nothing) in [
                ("entities_fulfilled", json!(0)),
                ("result_count", json!(0)),
                ("download_url", json!("")),
                ("download_urls", json!([])),
                ("error_message", json!("")),
            ] {
                job.entry(key).or_insert(nothing);
            }
        })],
    },
    Fault {
        name: "dates-with-other-offset",
        breaks: NOTHING,
        about: "A job's dates have the offset of another place, and no fractions.",
        effects: &[Job(|job, _| {
            for key in ["created_at", "completed_at"] {
                let date = job.get(key).and_then(Value::as_str);
                let date = date.and_then(|date| DateTime::parse_from_rfc3339(date).ok());
                if let (Some(date), Some(offset)) = (date, FixedOffset::east_opt(OFFSET)) {
                    let date = date.with_timezone(&offset);
                    let text = date.to_rfc3339_opts(SecondsFormat::Secs, false);
                    job.insert(key.to_owned(), text.into());
                }
            }
        })],
    },
    Fault {
        name: "job-extra-keys",
        breaks: NOTHING,
        about: "A job has keys that nobody knows, wherever it is shown.",
        effects: &[Job(|job, _| {
            job.insert("progress".to_owned(), json!({"percent": null}));
            job.insert("results_expire_at".to_owned(), Value::Null);
        })],
    },
];

/// Seconds east of Greenwich, where dates may be written too.
const OFFSET: i32 = 19_800;

/// Writes the keys of an object backwards.
fn reverse_keys(answer: &mut Answer) {
    if let Payload::Json(Value::Object(body)) = &answer.body {
        let keys: Vec<_> = body
            .iter()
            .rev()
            .map(|(key, value)| format!("\n  {} : {value}", Value::from(key.as_str())))
            .collect();
        answer.body = Payload::Text(format!("{{{}\n}}\n", keys.join(" ,")));
    }
}
