//! Faults in the bodies of refusals.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::Fault;
use crate::answer::{Answer, Payload};
use crate::effect::Effect::Refused;
use crate::rules::Reason;

const BODY: &[&str] = &["reject.error-body"];
/// What hides the metadata hides the supported fields in it.
const BODY_AND_FIELDS: &[&str] = &["reject.error-body", "reject.available-fields"];

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "error-html",
        breaks: BODY,
        about: "Every 400 is an HTML page.",
        effects: &[Refused(|answer, _, _| {
            if is_bad_request(answer) {
                answer.set_text("text/html", "<h1>Bad Request</h1>");
            }
        })],
    },
    Fault {
        name: "error-text",
        breaks: BODY,
        about: "Every 400 is plain text.",
        effects: &[Refused(|answer, _, _| {
            if is_bad_request(answer) {
                answer.set_text("text/plain", "Bad Request");
            }
        })],
    },
    Fault {
        name: "error-empty",
        breaks: BODY,
        about: "Every 400 has an empty body.",
        effects: &[Refused(|answer, _, _| {
            if is_bad_request(answer) {
                answer.set_text("application/json", "");
            }
        })],
    },
    Fault {
        name: "error-flat",
        breaks: BODY,
        about: "Every 400 has its message outside an envelope.",
        effects: &[Refused(|answer, _, _| {
            if is_bad_request(answer) {
                answer.body = Payload::Json(json!({"message": "Bad request."}));
            }
        })],
    },
    Fault {
        name: "error-flat-for-chunk-size",
        breaks: BODY,
        about: "The 400 for a chunk size has its message outside an envelope.",
        effects: &[Refused(|answer, _, reason| {
            if reason == Reason::ChunkSize {
                answer.body = Payload::Json(json!({"message": "Bad chunk size."}));
            }
        })],
    },
    Fault {
        name: "error-string",
        breaks: BODY,
        about: "The error of every 400 is a string.",
        effects: &[Refused(|answer, _, _| {
            if is_bad_request(answer) {
                answer.keys().set("error", "Bad request.");
            }
        })],
    },
    Fault {
        name: "error-list",
        breaks: BODY,
        about: "Every 400 is a list of errors.",
        effects: &[Refused(|answer, _, _| {
            if is_bad_request(answer) {
                answer.body = Payload::Json(json!({"errors": [{"detail": "Bad request."}]}));
            }
        })],
    },
    Fault {
        name: "error-html-for-malformed-body",
        breaks: BODY,
        about: "The 400 for a malformed body is an HTML page.",
        effects: &[Refused(|answer, _, reason| {
            if reason == Reason::MalformedBody {
                answer.set_text("text/html", "<h1>Bad Request</h1>");
            }
        })],
    },
    Fault {
        name: "error-html-for-missing-version",
        breaks: BODY,
        about: "The 400 for a missing version is an HTML page.",
        effects: &[Refused(|answer, _, reason| {
            if reason == Reason::MissingVersion {
                answer.set_text("text/html", "<h1>Bad Request</h1>");
            }
        })],
    },
    Fault {
        name: "error-without-type",
        breaks: BODY,
        about: "The error of every 400 has no type.",
        effects: &[Refused(|answer, _, _| answer.error_keys().remove("type"))],
    },
    Fault {
        name: "error-without-type-for-too-many",
        breaks: BODY,
        about: "The error for too many identifiers has no type.",
        effects: &[Refused(|answer, _, reason| {
            if reason == Reason::TooManyIdentifiers {
                answer.error_keys().remove("type");
            }
        })],
    },
    Fault {
        name: "error-type-number",
        breaks: BODY,
        about: "The type of every 400 is a number.",
        effects: &[Refused(|answer, _, _| answer.error_keys().set("type", 400))],
    },
    Fault {
        name: "error-without-message",
        breaks: BODY,
        about: "The error of every 400 has no message.",
        effects: &[Refused(|answer, _, _| {
            answer.error_keys().remove("message")
        })],
    },
    Fault {
        name: "error-message-null-for-empty-fields",
        breaks: BODY,
        about: "The message for empty fields is null.",
        effects: &[Refused(|answer, _, reason| {
            if reason == Reason::EmptyFields {
                answer.error_keys().set("message", Value::Null);
            }
        })],
    },
    Fault {
        name: "error-message-list",
        breaks: BODY,
        about: "The message of every 400 is a list of messages.",
        effects: &[Refused(|answer, _, _| {
            answer.error_keys().set("message", json!(["Bad request."]))
        })],
    },
    Fault {
        name: "error-without-metadata",
        breaks: BODY_AND_FIELDS,
        about: "The error of every 400 has no metadata.",
        effects: &[Refused(|answer, _, _| {
            answer.error_keys().remove("metadata")
        })],
    },
    Fault {
        name: "error-without-metadata-but-for-fields",
        breaks: BODY,
        about: "The error of every 400 has no metadata, unless it is about the fields.",
        effects: &[Refused(|answer, _, reason| {
            if !is_about_fields(reason) {
                answer.error_keys().remove("metadata");
            }
        })],
    },
    Fault {
        name: "error-metadata-string",
        breaks: BODY_AND_FIELDS,
        about: "The metadata of every 400 is JSON in a string.",
        effects: &[Refused(|answer, _, _| {
            let metadata = answer.error_keys().get("metadata").unwrap_or_default();
            answer.error_keys().set("metadata", metadata.to_string());
        })],
    },
    Fault {
        name: "error-metadata-number-for-missing-identifiers",
        breaks: BODY,
        about: "The metadata for missing identifiers is a number.",
        effects: &[Refused(|answer, _, reason| {
            if reason == Reason::MissingIdentifiers {
                answer.error_keys().set("metadata", 0);
            }
        })],
    },
    Fault {
        name: "unauthorized-text",
        breaks: BODY,
        about: "Every 401 is plain text.",
        effects: &[Refused(|answer, _, _| {
            if answer.status == StatusCode::UNAUTHORIZED {
                answer.set_text("text/plain", "Unauthorized");
            }
        })],
    },
    Fault {
        name: "unauthorized-without-message",
        breaks: BODY,
        about: "Every 401 is an object with a detail instead of a message.",
        effects: &[Refused(|answer, _, _| {
            if answer.status == StatusCode::UNAUTHORIZED {
                answer.body = Payload::Json(json!({"detail": "Unauthorized"}));
            }
        })],
    },
    Fault {
        name: "unauthorized-message-object-for-unknown-key",
        breaks: BODY,
        about: "The message of the 401 for an unknown key is an object.",
        effects: &[Refused(|answer, _, reason| {
            if reason == Reason::UnknownKey {
                answer.body = Payload::Json(json!({"message": {"text": "Unauthorized"}}));
            }
        })],
    },
];

fn is_bad_request(answer: &Answer) -> bool {
    answer.status == StatusCode::BAD_REQUEST
}

fn is_about_fields(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::MissingFields | Reason::EmptyFields | Reason::UnsupportedField
    )
}
