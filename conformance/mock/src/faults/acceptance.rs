//! Faults that refuse valid submissions, or accept them with an answer that can't be read.
//!
//! A fault that shows in one feature of a request breaks that feature's clause. One that needs two features
//! together, or none, breaks the general clause: every single feature is accepted elsewhere.

use axum::http::StatusCode;

use super::{Fault, LARGE, is_now_and_then};
use crate::answer::{Framing, Payload};
use crate::effect::Effect::{Accepted, Refuse};
use crate::generated::contract;
use crate::submission::Submission;

const BAD: StatusCode = StatusCode::BAD_REQUEST;
const ACCEPTED: &[&str] = &["submit.accepted"];
const FIELDS: &[&str] = &["submit.fields-supported"];
const CHUNK: &[&str] = &["submit.chunk-size"];

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "accepted-with-html",
        breaks: ACCEPTED,
        about: "The accepted answer is an HTML page.",
        effects: &[Accepted(|answer, _| {
            answer.set_text("text/html", "<h1>Accepted</h1>")
        })],
    },
    Fault {
        name: "accepted-without-body",
        breaks: ACCEPTED,
        about: "The accepted answer has no body.",
        effects: &[Accepted(|answer, _| {
            answer.status = StatusCode::ACCEPTED;
            answer.set_text("application/json", "");
        })],
    },
    Fault {
        name: "accepted-with-list",
        breaks: ACCEPTED,
        about: "The accepted answer is a list of one object.",
        effects: &[Accepted(|answer, _| {
            if let Payload::Json(body) = &mut answer.body {
                *body = vec![body.take()].into();
            }
        })],
    },
    Fault {
        name: "accepted-with-half-a-body",
        breaks: ACCEPTED,
        about: "Every seventh accepted answer is JSON that ends in the middle.",
        effects: &[Accepted(|answer, job| {
            if is_now_and_then(job.submission.number) {
                answer.set_text("application/json", "{\"batch_id\": \"");
            }
        })],
    },
    Fault {
        name: "accepted-and-cut-off",
        breaks: ACCEPTED,
        about: "The connection breaks off in the middle of every seventh accepted answer.",
        effects: &[Accepted(|answer, job| {
            if is_now_and_then(job.submission.number) {
                answer.framing = Framing::Truncated;
            }
        })],
    },
    Fault {
        name: "refuses-now-and-then",
        breaks: ACCEPTED,
        about: "Every seventh submission is refused, if nothing else is wrong with it.",
        effects: &[Refuse(BAD, |it| is_now_and_then(it.number))],
    },
    Fault {
        name: "fails-now-and-then",
        breaks: ACCEPTED,
        about: "Every seventh submission is answered with 500, if nothing else is wrong with it.",
        effects: &[Refuse(StatusCode::INTERNAL_SERVER_ERROR, |it| {
            is_now_and_then(it.number)
        })],
    },
    Fault {
        name: "refuses-large",
        breaks: &["submit.accepted", "submit.max-identifiers"],
        about: "A large job is refused.",
        effects: &[Refuse(BAD, |it| it.identifiers.len() > LARGE)],
    },
    Fault {
        name: "refuses-large-strings",
        breaks: ACCEPTED,
        about: "A large job is refused if the identifiers came as a string.",
        effects: &[Refuse(BAD, |it| {
            it.identifiers.is_text() && it.identifiers.len() > LARGE
        })],
    },
    Fault {
        name: "refuses-max-as-list",
        breaks: ACCEPTED,
        about: "As many identifiers as there may be are refused as a list, and accepted as a string.",
        effects: &[Refuse(BAD, |it| has_max(it) && !it.identifiers.is_text())],
    },
    Fault {
        name: "refuses-one-less-than-max",
        breaks: ACCEPTED,
        about: "One identifier less than there may be is refused, and as many as there may be are accepted.",
        effects: &[Refuse(BAD, |it| {
            it.identifiers.len() + 1 == contract::submit::identifiers::MAX
        })],
    },
    Fault {
        name: "refuses-single-identifier",
        breaks: ACCEPTED,
        about: "A job with one identifier is refused.",
        effects: &[Refuse(BAD, |it| it.identifiers.len() == 1)],
    },
    Fault {
        name: "refuses-two-strings",
        breaks: ACCEPTED,
        about: "Identifiers and fields are refused if both come as strings.",
        effects: &[Refuse(BAD, |it| {
            it.identifiers.is_text() && it.fields.is_text()
        })],
    },
    Fault {
        name: "refuses-strings-of-several-identifiers",
        breaks: ACCEPTED,
        about: "A string with more than one identifier is refused.",
        effects: &[Refuse(BAD, |it| {
            it.identifiers.is_text() && it.identifiers.len() > 1
        })],
    },
    Fault {
        name: "refuses-string-identifiers",
        breaks: &["submit.urls-string"],
        about: "Identifiers are refused as a string.",
        effects: &[Refuse(BAD, |it| it.identifiers.is_text())],
    },
    Fault {
        name: "fails-on-string-identifiers",
        breaks: &["submit.urls-string"],
        about: "Identifiers as a string are answered with 500.",
        effects: &[Refuse(StatusCode::INTERNAL_SERVER_ERROR, |it| {
            it.identifiers.is_text()
        })],
    },
    Fault {
        name: "refuses-string-fields",
        breaks: &["submit.fields-string"],
        about: "Fields are refused as a string.",
        effects: &[Refuse(BAD, |it| it.fields.is_text())],
    },
    Fault {
        name: "refuses-strings-of-several-fields",
        breaks: ACCEPTED,
        about: "A string with more than one field is refused.",
        effects: &[Refuse(BAD, |it| it.fields.is_text() && it.fields.len() > 1)],
    },
    Fault {
        name: "refuses-first-field-alone",
        breaks: FIELDS,
        about: "The first of the supported fields is refused when it is alone.",
        effects: &[Refuse(BAD, |it| is_alone(it, 0))],
    },
    Fault {
        name: "refuses-second-field-alone",
        breaks: FIELDS,
        about: "The second of the supported fields is refused when it is alone.",
        effects: &[Refuse(BAD, |it| is_alone(it, 1))],
    },
    Fault {
        name: "refuses-third-field-alone",
        breaks: FIELDS,
        about: "The third of the supported fields is refused when it is alone.",
        effects: &[Refuse(BAD, |it| is_alone(it, 2))],
    },
    Fault {
        name: "refuses-fourth-field-alone",
        breaks: FIELDS,
        about: "The fourth of the supported fields is refused when it is alone.",
        effects: &[Refuse(BAD, |it| is_alone(it, 3))],
    },
    Fault {
        name: "refuses-last-field",
        breaks: FIELDS,
        about: "The last of the supported fields is refused, alone and with others.",
        effects: &[Refuse(BAD, |it| {
            contract::submit::fields::VALUES
                .last()
                .is_some_and(|last| it.fields.has(last))
        })],
    },
    Fault {
        name: "refuses-a-pair-of-fields",
        breaks: FIELDS,
        about: "The first and the last of the supported fields are refused together.",
        effects: &[Refuse(BAD, |it| match contract::submit::fields::VALUES {
            [first, .., last] => it.fields.are(&[first, last]),
            _ => false,
        })],
    },
    Fault {
        name: "refuses-all-fields",
        breaks: FIELDS,
        about: "All fields together are refused.",
        effects: &[Refuse(BAD, |it| {
            it.fields.are(contract::submit::fields::VALUES)
        })],
    },
    Fault {
        name: "refuses-max-identifiers",
        breaks: &["submit.max-identifiers"],
        about: "As many identifiers as there may be are refused.",
        effects: &[Refuse(BAD, has_max)],
    },
    Fault {
        name: "max-identifiers-too-large",
        breaks: &["submit.max-identifiers"],
        about: "As many identifiers as there may be are answered with 413.",
        effects: &[Refuse(StatusCode::PAYLOAD_TOO_LARGE, has_max)],
    },
    Fault {
        name: "refuses-smallest-chunk",
        breaks: CHUNK,
        about: "The smallest chunk size is refused.",
        effects: &[Refuse(BAD, |it| {
            it.has_chunk_size(contract::submit::chunk_size::MIN)
        })],
    },
    Fault {
        name: "refuses-largest-chunk",
        breaks: CHUNK,
        about: "The largest chunk size is refused.",
        effects: &[Refuse(BAD, |it| {
            it.has_chunk_size(contract::submit::chunk_size::MAX)
        })],
    },
    Fault {
        name: "refuses-chunk-size",
        breaks: &["submit.accepted", "submit.chunk-size"],
        about: "Every chunk size is refused.",
        effects: &[Refuse(BAD, |it| !it.chunk_size.is_null())],
    },
    Fault {
        name: "refuses-webhook",
        breaks: &["submit.webhook-url"],
        about: "A webhook_url is refused.",
        effects: &[Refuse(BAD, Submission::has_webhook)],
    },
    Fault {
        name: "fails-on-webhook",
        breaks: &["submit.webhook-url"],
        about: "A webhook_url is answered with 500.",
        effects: &[Refuse(
            StatusCode::INTERNAL_SERVER_ERROR,
            Submission::has_webhook,
        )],
    },
];

fn has_max(submission: &Submission) -> bool {
    submission.identifiers.len() == contract::submit::identifiers::MAX
}

fn is_alone(submission: &Submission, place: usize) -> bool {
    contract::submit::fields::VALUES
        .get(place)
        .is_some_and(|field| submission.fields.are(&[field]))
}
