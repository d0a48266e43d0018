//! Faults that refuse what must be refused with a wrong status, and those that read a malformed body.

use axum::http::StatusCode;
use serde_json::json;

use super::Fault;
use crate::answer::Answer;
use crate::effect::Effect::{Overlook, Refused, Restate};
use crate::rules::Reason;
use crate::submission::{Form, Shape};

const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
const FAILURE: StatusCode = StatusCode::INTERNAL_SERVER_ERROR;
const MALFORMED: &[&str] = &["reject.malformed-body"];

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "unprocessable-for-bad-request",
        breaks: &[
            "reject.missing-api-version",
            "reject.too-many-identifiers",
            "reject.empty-fields",
            "reject.unsupported-field",
            "reject.chunk-size",
        ],
        about: "Every 400 is a 422.",
        effects: &[Restate(UNPROCESSABLE, |_, reason| !is_about_key(reason))],
    },
    Fault {
        name: "unprocessable-for-too-many",
        breaks: &["reject.too-many-identifiers"],
        about: "Too many identifiers are answered with 422.",
        effects: &[Restate(UNPROCESSABLE, |_, reason| {
            reason == Reason::TooManyIdentifiers
        })],
    },
    Fault {
        name: "too-large-for-too-many-in-strings",
        breaks: &["reject.too-many-identifiers"],
        about: "Too many identifiers in a string are answered with 413.",
        effects: &[Restate(StatusCode::PAYLOAD_TOO_LARGE, |it, reason| {
            reason == Reason::TooManyIdentifiers && it.identifiers.is_text()
        })],
    },
    Fault {
        name: "fails-on-too-many",
        breaks: &["reject.too-many-identifiers"],
        about: "Too many identifiers are answered with 500.",
        effects: &[Restate(FAILURE, |_, reason| {
            reason == Reason::TooManyIdentifiers
        })],
    },
    Fault {
        name: "fails-on-missing-identifiers",
        breaks: &["reject.missing-identifiers"],
        about: "A submission without identifiers, of this or another type, is answered with 500.",
        effects: &[Restate(FAILURE, |it, reason| {
            reason == Reason::MissingIdentifiers
                && it.identifiers.form == Form::Absent
                && !it.has_other_keys
        })],
    },
    Fault {
        name: "fails-on-other-identifier",
        breaks: &["reject.other-identifier"],
        about: "A submission with another identifier type alone is answered with 500.",
        effects: &[Restate(FAILURE, |it, reason| {
            reason == Reason::MissingIdentifiers
                && it.identifiers.form == Form::Absent
                && it.has_other_keys
        })],
    },
    Fault {
        name: "fails-on-missing-fields",
        breaks: &["reject.missing-fields"],
        about: "A submission without fields is answered with 500.",
        effects: &[Restate(FAILURE, |_, reason| {
            reason == Reason::MissingFields
        })],
    },
    Fault {
        name: "unprocessable-for-empty-field-string",
        breaks: &["reject.empty-fields"],
        about: "An empty string of fields is answered with 422.",
        effects: &[Restate(UNPROCESSABLE, |it, reason| {
            reason == Reason::EmptyFields && it.fields.is_text()
        })],
    },
    Fault {
        name: "not-found-for-unsupported-fields",
        breaks: &["reject.unsupported-field"],
        about: "An unsupported field is answered with 404.",
        effects: &[Restate(StatusCode::NOT_FOUND, |_, reason| {
            reason == Reason::UnsupportedField
        })],
    },
    Fault {
        name: "fails-on-unsupported-field-in-strings",
        breaks: &["reject.unsupported-field"],
        about: "An unsupported field in a string is answered with 500.",
        effects: &[Restate(FAILURE, |it, reason| {
            reason == Reason::UnsupportedField && it.fields.is_text()
        })],
    },
    Fault {
        name: "unprocessable-for-chunk-size",
        breaks: &["reject.chunk-size"],
        about: "A chunk size beyond the bounds is answered with 422.",
        effects: &[Restate(UNPROCESSABLE, |_, reason| {
            reason == Reason::ChunkSize
        })],
    },
    Fault {
        name: "fails-on-negative-chunk",
        breaks: &["reject.chunk-size"],
        about: "A negative chunk size is answered with 500.",
        effects: &[Restate(FAILURE, |it, reason| {
            reason == Reason::ChunkSize && it.chunk_size.as_f64().is_some_and(|size| size < 0.0)
        })],
    },
    Fault {
        name: "error-with-ok",
        breaks: &[
            "reject.missing-api-version",
            "reject.other-api-version",
            "reject.too-many-identifiers",
            "reject.missing-identifiers",
            "reject.other-identifier",
            "reject.missing-fields",
            "reject.empty-fields",
            "reject.unsupported-field",
            "reject.chunk-size",
            "reject.malformed-body",
        ],
        about: "Every 400 that the contract asks for is a 200 with the error in its body.",
        effects: &[Restate(StatusCode::OK, |it, reason| match reason {
            Reason::MissingKey | Reason::UnknownKey | Reason::WebhookUrl => false,
            Reason::ChunkSize => it.has_whole_chunk_size(),
            _ => true,
        })],
    },
    Fault {
        name: "fails-on-malformed-body",
        breaks: MALFORMED,
        about: "A body that is not a JSON object is answered with 500.",
        effects: &[Restate(FAILURE, |_, reason| {
            reason == Reason::MalformedBody
        })],
    },
    Fault {
        name: "fails-on-empty-body",
        breaks: MALFORMED,
        about: "An empty body is answered with 500.",
        effects: &[Restate(FAILURE, |it, reason| {
            reason == Reason::MalformedBody && it.body == Shape::Empty
        })],
    },
    Fault {
        name: "fails-on-other-json",
        breaks: MALFORMED,
        about: "A body that is JSON but no object is answered with 500.",
        effects: &[Restate(FAILURE, |it, reason| {
            reason == Reason::MalformedBody && it.body == Shape::OtherJson
        })],
    },
    Fault {
        name: "gateway-error-on-broken-json",
        breaks: MALFORMED,
        about: "A body that is not JSON is answered with the page of a gateway.",
        effects: &[Refused(|answer, submission, reason| {
            if reason == Reason::MalformedBody && submission.body == Shape::NotJson {
                answer.status = StatusCode::BAD_GATEWAY;
                answer.set_text("text/html", "<h1>502 Bad Gateway</h1>");
            }
        })],
    },
    Fault {
        name: "accepts-malformed-body",
        breaks: MALFORMED,
        about: "A body that is not a JSON object is accepted as a job without identifiers.",
        effects: &[Overlook(|it, reason| {
            let is_about_body = matches!(
                reason,
                Reason::MalformedBody
                    | Reason::MissingIdentifiers
                    | Reason::MissingFields
                    | Reason::EmptyFields
            );
            is_about_body && it.body != Shape::Object
        })],
    },
    Fault {
        name: "accepts-empty-body",
        breaks: MALFORMED,
        about: "An empty body is accepted with no more than a status.",
        effects: &[Refused(|answer, submission, reason| {
            if reason == Reason::MalformedBody && submission.body == Shape::Empty {
                *answer = Answer::json(StatusCode::OK, json!({}));
            }
        })],
    },
];

fn is_about_key(reason: Reason) -> bool {
    matches!(reason, Reason::MissingKey | Reason::UnknownKey)
}
