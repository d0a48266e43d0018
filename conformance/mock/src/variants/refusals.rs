//! Variants in refusals: in their status where a clause leaves it open, in what is told beside the error, in the order of
//! the rules, and in what is taken in good faith.

use axum::http::StatusCode;
use serde_json::json;

use crate::edits::{overlook, refuse, when};
use crate::faults::named;
use crate::generated::contract::submit::{chunk_size, fields};
use crate::hooks::{Fault, variant};
use crate::response::Response;
use crate::rules::{Reason, Refusal};
use crate::submission::{Form, Submission};

/// Reasons whose status is any of the 4xx class, each with some of that class.
const STATUSES: &[(&str, &str, Reason, &[StatusCode])] = &[
    (
        "other-version",
        "Another version",
        Reason::OtherVersion,
        &[
            StatusCode::NOT_FOUND,
            StatusCode::NOT_ACCEPTABLE,
            StatusCode::GONE,
            StatusCode::PRECONDITION_FAILED,
            StatusCode::UNPROCESSABLE_ENTITY,
        ],
    ),
    (
        "malformed-body",
        "A body that is no object",
        Reason::MalformedBody,
        &[
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            StatusCode::UNPROCESSABLE_ENTITY,
            StatusCode::NOT_ACCEPTABLE,
            StatusCode::PAYLOAD_TOO_LARGE,
        ],
    ),
    (
        "missing-identifiers",
        "A submission without identifiers",
        Reason::MissingIdentifiers,
        &[StatusCode::CONFLICT, StatusCode::UNPROCESSABLE_ENTITY],
    ),
    (
        "missing-fields",
        "A submission without fields",
        Reason::MissingFields,
        &[StatusCode::CONFLICT, StatusCode::UNPROCESSABLE_ENTITY],
    ),
];

pub(super) fn variants() -> Vec<Fault> {
    let mut variants: Vec<Fault> = statuses().collect();
    variants.extend(errors());
    variants.extend(orders());
    variants.extend(lenient());
    variants
}

fn statuses() -> impl Iterator<Item = Fault> {
    STATUSES
        .iter()
        .flat_map(|&(name, which, reason, statuses)| {
            statuses.iter().map(move |&status| {
                variant(named(format!("{name}-gets-{}", status.as_u16())))
                    .about(format!("{which} gets {}.", status.as_u16()))
                    .refused(when(
                        move |refusal: &Refusal| refusal.reason == reason,
                        move |response: &mut Response, _| response.restate(status),
                    ))
            })
        })
}

fn errors() -> Vec<Fault> {
    let is_about_fields = |refusal: &Refusal| refusal.reason == Reason::UnsupportedField;
    vec![
        variant("errors-with-a-code")
            .about("An error has a code and a link to the documentation.")
            .refused(|response, _| {
                response.set_in_error("code", 1001);
                response.set_in_error("docs", "https://docs.example.com/errors/1001");
            }),
        variant("errors-with-a-request-id")
            .about("An error comes with the id of its request.")
            .refused(|response, _| response.set("request_id", "req_0001")),
        variant("errors-of-another-type")
            .about("Every error is of the same type.")
            .refused(|response, _| response.set_in_error("type", "BAD_REQUEST")),
        variant("available-fields-in-other-order")
            .about("The supported fields are told in another order.")
            .refused(when(is_about_fields, |response: &mut Response, _| {
                let fields: Vec<&str> = fields::VALUES.iter().rev().copied().collect();
                response.set_in_error("metadata", json!({"available_fields": fields}));
            })),
        variant("available-fields-with-more")
            .about("Other fields are told beside the supported ones, and the one that is not.")
            .refused(when(is_about_fields, |response: &mut Response, _| {
                let mut told = fields::VALUES.to_vec();
                told.push("employment_history");
                let metadata = json!({"available_fields": told, "invalid_fields": ["unknown"]});
                response.set_in_error("metadata", metadata);
            })),
    ]
}

fn orders() -> Vec<Fault> {
    vec![
        variant("chunk-size-first")
            .about("Of several things that are wrong with a body, the chunk size is told.")
            .reasons(|reasons, _| move_to_front(reasons, Reason::ChunkSize)),
        variant("fields-first")
            .about("Of several things that are wrong with a body, the fields are told.")
            .reasons(|reasons, _| {
                move_to_front(reasons, Reason::EmptyFields);
                move_to_front(reasons, Reason::MissingFields);
                move_to_front(reasons, Reason::UnsupportedField);
            }),
    ]
}

/// Tells this reason before others, but for those of the headers and of the body as a whole.
fn move_to_front(reasons: &mut [Reason], first: Reason) {
    let is_of_body = |reason: &Reason| {
        !matches!(
            reason,
            Reason::MissingKey
                | Reason::UnknownKey
                | Reason::MissingVersion
                | Reason::OtherVersion
                | Reason::MalformedBody
        )
    };
    let place = reasons.iter().position(|reason| *reason == first);
    if let (Some(from), Some(place)) = (reasons.iter().position(is_of_body), place)
        && from < place
    {
        reasons[from..=place].rotate_right(1);
    }
}

fn lenient() -> Vec<Fault> {
    vec![
        variant("takes-bodies-with-a-mark")
            .about("A body that begins with a byte order mark is taken for one without identifiers.")
            .reasons(overlook_body(|body| body.starts_with(b"\xef\xbb\xbf"))),
        variant("takes-bodies-in-utf-16")
            .about("A body that begins with a mark of UTF-16 is taken for one without identifiers.")
            .reasons(overlook_body(|body| {
                body.starts_with(b"\xff\xfe") || body.starts_with(b"\xfe\xff")
            })),
        variant("takes-bodies-that-are-not-utf-8")
            .about("Letters that are not UTF-8 are replaced in a body that is an object but for them.")
            .reasons(overlook_body(|body| {
                let text = String::from_utf8_lossy(body);
                let value = serde_json::from_str(&text);
                text.contains('\u{fffd}') && matches!(value, Ok(serde_json::Value::Object(_)))
            })),
        variant("refuses-unknown-keys")
            .about("A submission with a key that the contract does not name is refused.")
            .reasons(refuse(StatusCode::BAD_REQUEST, |it| {
                it.identifiers.form != Form::Absent && it.has_other_keys()
            })),
        variant("takes-chunk-sizes-with-fractions-of-zero")
            .about("A chunk size is taken for the whole number that a fraction of zero, or an exponent, makes it.")
            .reasons(overlook(|it, reason| {
                let is_whole = |size: f64| size.fract() == 0.0 && (f64::from(chunk_size::MIN)..=f64::from(chunk_size::MAX)).contains(&size);
                reason == Reason::ChunkSize
                    && !it.has_whole_chunk_size()
                    && it.chunk_size.as_f64().is_some_and(is_whole)
            })),
    ]
}

/// Overlooks that a body is no object, where its bytes are such.
fn overlook_body(is: fn(&[u8]) -> bool) -> impl crate::hooks::Hook<Vec<Reason>, Submission> {
    overlook(move |it, reason| {
        let is_about_body = matches!(
            reason,
            Reason::MalformedBody
                | Reason::MissingIdentifiers
                | Reason::MissingFields
                | Reason::EmptyFields
        );
        is_about_body && it.malformed().is_some_and(is)
    })
}
