//! Faults that refuse valid submissions, or accept them with a response that can't be read.
//!
//! A fault that shows in one feature of a request breaks that feature's clause. One that needs two features
//! together, or none, breaks the general clause: every single feature is accepted elsewhere.

use axum::http::StatusCode;
use serde_json::json;

use crate::edits::{
    Clauses, Submitted, has_max, has_text, has_text_fields, has_webhook, is_large, is_now_and_then,
    refuse, status, text, when,
};
use crate::generated::contract::submit::{chunk_size, fields, identifiers};
use crate::hooks::{Fault, fault};
use crate::jobs::Job;
use crate::response::{Framing, Response};

const BAD: StatusCode = StatusCode::BAD_REQUEST;
const FAILURE: StatusCode = StatusCode::INTERNAL_SERVER_ERROR;
const TOO_LARGE: StatusCode = StatusCode::PAYLOAD_TOO_LARGE;

const ACCEPTED: Clauses = &["submit.accepted"];
const URLS_STRING: Clauses = &["submit.urls-string"];
const FIELDS: Clauses = &["submit.fields-supported"];
const MAX: Clauses = &["submit.max-identifiers"];
const CHUNK: Clauses = &["submit.chunk-size"];
const WEBHOOK: Clauses = &["submit.webhook-url"];

pub(super) fn faults() -> Vec<Fault> {
    let mut faults = unreadable();
    faults.extend(refusals());
    faults.extend(single_fields());
    faults
}

fn unreadable() -> Vec<Fault> {
    let now_and_then = |job: &Job| is_now_and_then(job.submission.number);
    vec![
        fault("accepted-with-html", ACCEPTED)
            .about("The accepted response is an HTML page.")
            .accepted(text("text/html", "<h1>Accepted</h1>")),
        fault("accepted-without-body", ACCEPTED)
            .about("The accepted response has no body.")
            .accepted(status(StatusCode::ACCEPTED))
            .accepted(text("application/json", "")),
        fault("accepted-with-list", ACCEPTED)
            .about("The accepted response is a list of one object.")
            .accepted(|response, _| response.wrap(|body| json!([body]))),
        fault("accepted-with-half-a-body", ACCEPTED)
            .about("Every seventh accepted response is JSON that ends in the middle.")
            .accepted(when(
                now_and_then,
                text("application/json", "{\"batch_id\": \""),
            )),
        fault("accepted-and-cut-off", ACCEPTED)
            .about("The connection breaks off in every seventh accepted response.")
            .accepted(when(now_and_then, |response: &mut Response, _| {
                response.framing = Framing::Truncated;
            })),
    ]
}

fn refusals() -> Vec<Fault> {
    vec![
        fault("refuses-now-and-then", ACCEPTED)
            .about("Every seventh submission is refused, if nothing else is wrong with it.")
            .reasons(refuse(BAD, |it| is_now_and_then(it.number))),
        fault("fails-now-and-then", ACCEPTED)
            .about("Every seventh submission gets 500, if nothing is wrong with it.")
            .reasons(refuse(FAILURE, |it| is_now_and_then(it.number))),
        fault(
            "refuses-large",
            &["submit.accepted", "submit.max-identifiers"],
        )
        .about("A large job is refused.")
        .reasons(refuse(BAD, is_large)),
        fault("refuses-large-strings", ACCEPTED)
            .about("A large job is refused if the identifiers came as a string.")
            .reasons(refuse(BAD, |it| is_large(it) && has_text(it))),
        fault("refuses-max-as-list", ACCEPTED)
            .about("As many identifiers as there may be are refused in a list only.")
            .reasons(refuse(BAD, |it| has_max(it) && !has_text(it))),
        fault("refuses-one-less-than-max", ACCEPTED)
            .about("One identifier less than there may be is refused, and the maximum is not.")
            .reasons(refuse(BAD, |it| it.count() + 1 == identifiers::MAX)),
        fault("refuses-single-identifier", ACCEPTED)
            .about("A job with one identifier is refused.")
            .reasons(refuse(BAD, |it| it.count() == 1)),
        fault("refuses-two-strings", ACCEPTED)
            .about("Identifiers and fields are refused if both come as strings.")
            .reasons(refuse(BAD, |it| has_text(it) && has_text_fields(it))),
        fault("refuses-strings-of-several-identifiers", ACCEPTED)
            .about("A string with more than one identifier is refused.")
            .reasons(refuse(BAD, |it| has_text(it) && it.count() > 1)),
        fault("refuses-string-identifiers", URLS_STRING)
            .about("Identifiers are refused as a string.")
            .reasons(refuse(BAD, has_text)),
        fault("fails-on-string-identifiers", URLS_STRING)
            .about("Identifiers as a string get 500.")
            .reasons(refuse(FAILURE, has_text)),
        fault("refuses-string-fields", &["submit.fields-string"])
            .about("Fields are refused as a string.")
            .reasons(refuse(BAD, has_text_fields)),
        fault("refuses-strings-of-several-fields", ACCEPTED)
            .about("A string with more than one field is refused.")
            .reasons(refuse(BAD, |it| has_text_fields(it) && it.fields.len() > 1)),
        fault("refuses-last-field", FIELDS)
            .about("The last of the supported fields is refused, alone and with others.")
            .reasons(refuse(BAD, |it| {
                fields::VALUES
                    .last()
                    .is_some_and(|last| it.fields.has(last))
            })),
        fault("refuses-a-pair-of-fields", FIELDS)
            .about("The first and the last of the supported fields are refused together.")
            .reasons(refuse(BAD, |it| match fields::VALUES {
                [first, .., last] => it.fields.are(&[first, last]),
                _ => false,
            })),
        fault("refuses-all-fields", FIELDS)
            .about("All fields together are refused.")
            .reasons(refuse(BAD, |it| it.fields.are(fields::VALUES))),
        fault("refuses-max-identifiers", MAX)
            .about("As many identifiers as there may be are refused.")
            .reasons(refuse(BAD, has_max)),
        fault("max-identifiers-too-large", MAX)
            .about("As many identifiers as there may be get 413.")
            .reasons(refuse(TOO_LARGE, has_max)),
        fault("refuses-smallest-chunk", CHUNK)
            .about("The smallest chunk size is refused.")
            .reasons(refuse(BAD, |it| it.has_chunk_size(chunk_size::MIN))),
        fault("refuses-largest-chunk", CHUNK)
            .about("The largest chunk size is refused.")
            .reasons(refuse(BAD, |it| it.has_chunk_size(chunk_size::MAX))),
        fault(
            "refuses-chunk-size",
            &["submit.accepted", "submit.chunk-size"],
        )
        .about("Every chunk size is refused.")
        .reasons(refuse(BAD, |it| !it.chunk_size.is_null())),
        fault("refuses-webhook", WEBHOOK)
            .about("A webhook_url is refused.")
            .reasons(refuse(BAD, has_webhook)),
        fault("fails-on-webhook", WEBHOOK)
            .about("A webhook_url gets 500.")
            .reasons(refuse(FAILURE, has_webhook)),
    ]
}

/// One of the supported fields is refused when it is alone.
fn single_fields() -> impl Iterator<Item = Fault> {
    let names = [
        "refuses-first-field-alone",
        "refuses-second-field-alone",
        "refuses-third-field-alone",
        "refuses-fourth-field-alone",
    ];
    names.into_iter().zip(fields::VALUES).map(|(name, field)| {
        fault(name, FIELDS)
            .about(format!("{field} is refused when it is alone."))
            .reasons(refuse(BAD, |it| it.fields.are(&[field])))
    })
}
