//! Faults that misjudge submissions in other ways than those of a table: they read something else than what was
//! sent, refuse by half, or treat submissions alike that are refused for several reasons.

use axum::http::StatusCode;
use serde_json::json;

use crate::edits::{Clauses, Submitted, has_supported, overlook, text, when};
use crate::generated::contract::submit::{chunk_size, fields, identifiers};
use crate::hooks::{Fault, fault};
use crate::response::Response;
use crate::rules::{Reason, Refusal};
use crate::submission::{Form, Shape, Submission};

const BAD: StatusCode = StatusCode::BAD_REQUEST;

const CHUNK: Clauses = &["reject.chunk-size"];
const MALFORMED: Clauses = &["reject.malformed-body"];
const NO_JOB: Clauses = &["reject.no-job"];
const TOO_MANY: Clauses = &["reject.too-many-identifiers"];
const UNSUPPORTED: Clauses = &["reject.unsupported-field"];
const MISSING_KEYS: Clauses = &["reject.missing-identifiers", "reject.missing-fields"];
/// Clauses of which the suite can tell a 422 from the 400 that they ask for.
const SOME_400: Clauses = &[
    "reject.missing-api-version",
    "reject.too-many-identifiers",
    "reject.empty-fields",
    "reject.unsupported-field",
    "reject.chunk-size",
];
const EVERY_400: Clauses = &[
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
];
/// A string of identifiers is one identifier, as the submission, its response and its results show.
const ONE_IDENTIFIER: Clauses = &[
    "reject.too-many-identifiers",
    "submit.identifier-count",
    "result.every-identifier",
];

pub(super) fn faults() -> Vec<Fault> {
    [misread(), half_refused(), wide()]
        .into_iter()
        .flatten()
        .collect()
}

fn misread() -> Vec<Fault> {
    vec![
        fault("drops-identifiers-beyond-max", TOO_MANY)
            .about("Identifiers beyond those that there may be are dropped in silence.")
            .submission(|it, _| it.identifiers.values.truncate(identifiers::MAX)),
        fault("drops-identifiers-beyond-max-in-strings", TOO_MANY)
            .about("Identifiers beyond those that there may be are dropped from a string.")
            .submission(|it, _| {
                if it.identifiers.is_text() {
                    it.identifiers.values.truncate(identifiers::MAX);
                }
            }),
        fault("takes-string-for-one-identifier", ONE_IDENTIFIER)
            .about("A string of identifiers is taken for one identifier with commas in it.")
            .submission(|it, _| {
                if it.identifiers.is_text() && it.count() > 1 {
                    it.identifiers.values = vec![it.identifiers.values.join(",")];
                }
            }),
        fault("fields-default-to-all", &["reject.missing-fields"])
            .about("A submission without fields is taken to ask for all of them.")
            .submission(|it, _| {
                if it.fields.form == Form::Absent {
                    it.fields.form = Form::List;
                    it.fields.values = fields::VALUES.iter().map(ToString::to_string).collect();
                }
            }),
        fault("drops-unsupported-fields", UNSUPPORTED)
            .about("Unsupported fields beside supported ones are dropped in silence.")
            .submission(|it, _| {
                if has_supported(it) {
                    it.fields
                        .values
                        .retain(|field| fields::VALUES.contains(&field.as_str()));
                }
            }),
        fault("fields-in-any-case", UNSUPPORTED)
            .about("Fields are accepted in capitals.")
            .submission(|it, _| {
                for field in &mut it.fields.values {
                    field.make_ascii_lowercase();
                }
            }),
        fault("clamps-chunk-size", CHUNK)
            .about("A chunk size beyond the bounds is moved to the nearest bound in silence.")
            .submission(|it, _| {
                let bounds = (f64::from(chunk_size::MIN), f64::from(chunk_size::MAX));
                if let (Some(size), true) = (it.chunk_size.as_f64(), it.has_whole_chunk_size()) {
                    it.chunk_size = (size.clamp(bounds.0, bounds.1) as u32).into();
                }
            }),
        fault("ignores-chunk-beyond-bounds", CHUNK)
            .about("A chunk size beyond the bounds is taken for an absent one.")
            .submission(|it, _| {
                let bounds = f64::from(chunk_size::MIN)..=f64::from(chunk_size::MAX);
                if it
                    .chunk_size
                    .as_f64()
                    .is_some_and(|size| !bounds.contains(&size))
                {
                    it.chunk_size = chunk_size::DEFAULT.into();
                }
            }),
    ]
}

fn half_refused() -> Vec<Fault> {
    let is_body = |refusal: &Refusal, shape| {
        refusal.reason == Reason::MalformedBody && refusal.submission.body == shape
    };
    vec![
        fault("gateway-error-on-broken-json", MALFORMED)
            .about("A body that is not JSON gets the page of a gateway.")
            .refused(when(
                move |it| is_body(it, Shape::NotJson),
                |response: &mut Response, it| {
                    response.status = StatusCode::BAD_GATEWAY;
                    text("text/html", "<h1>502 Bad Gateway</h1>")(response, it);
                },
            )),
        fault("accepts-empty-body", MALFORMED)
            .about("An empty body is accepted with no more than a status.")
            .refused(when(
                move |it| is_body(it, Shape::Empty),
                |response: &mut Response, _| {
                    *response = Response::json(StatusCode::OK, json!({}));
                },
            )),
        fault("unknown-key-ok", &["reject.unknown-key"])
            .about("An unknown key is refused by the body, and accepted by the status.")
            .refused(when(
                |it: &Refusal| it.reason == Reason::UnknownKey,
                |response: &mut Response, _| response.status = StatusCode::OK,
            )),
    ]
}

/// The faults that treat submissions alike that are refused for several reasons.
fn wide() -> Vec<Fault> {
    vec![
        fault("unprocessable-for-bad-request", SOME_400)
            .about("Every 400 is a 422.")
            .refused(|response, _| {
                if response.status == BAD {
                    response.status = StatusCode::UNPROCESSABLE_ENTITY;
                }
            }),
        fault("error-with-ok", EVERY_400)
            .about("Every 400 that the contract asks for is a 200 with the error in its body.")
            .refused(|response, refusal| {
                let is_asked_for = match refusal.reason {
                    Reason::WebhookUrl => false,
                    Reason::ChunkSize => refusal.submission.has_whole_chunk_size(),
                    _ => true,
                };
                if response.status == BAD && is_asked_for {
                    response.status = StatusCode::OK;
                }
            }),
        fault("accepts-missing-keys", MISSING_KEYS)
            .about("A submission that lacks identifiers or fields is accepted.")
            .reasons(overlook(|it, reason| match reason {
                Reason::MissingIdentifiers => lacks_identifiers(it) && !it.has_other_keys(),
                Reason::EmptyFields => it.fields.form == Form::Absent,
                reason => reason == Reason::MissingFields,
            })),
        fault("accepts-malformed-body", MALFORMED)
            .about("A body that is not a JSON object is accepted as a job without identifiers.")
            .reasons(overlook(|it, reason| {
                let is_about_body = matches!(
                    reason,
                    Reason::MalformedBody
                        | Reason::MissingIdentifiers
                        | Reason::MissingFields
                        | Reason::EmptyFields
                );
                is_about_body && it.body != Shape::Object
            })),
        fault("keeps-refused-jobs", NO_JOB)
            .about("Every submission that breaks a rule is refused, and listed as a job.")
            .leftover(|is_leftover, refusal| {
                *is_leftover |= !matches!(refusal.reason, Reason::TooManyJobs { .. });
            }),
    ]
}

fn lacks_identifiers(submission: &Submission) -> bool {
    submission.body == Shape::Object && submission.identifiers.form == Form::Absent
}
