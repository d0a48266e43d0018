//! Faults that accept what must be refused, refuse it with a wrong status, or list it as a job all the same:
//! a table of what must be refused, each with the faults that treat it otherwise.

use axum::http::StatusCode;

use crate::edits::{LARGE, Submitted};
use crate::faults::refusal_case::{
    CHUNK, Case, EMPTY_FIELDS, MALFORMED, MISSING, MISSING_FIELDS, MISSING_KEY, MISSING_VERSION,
    OTHER, OTHER_VERSION, TOO_MANY, UNKNOWN_KEY, UNSUPPORTED, case,
};
use crate::generated::contract::{
    API_VERSION,
    submit::{chunk_size, fields, identifiers},
};
use crate::hooks::Fault;
use crate::submission::{Form, Shape, Submission};

const BAD: StatusCode = StatusCode::BAD_REQUEST;
const FAILURE: StatusCode = StatusCode::INTERNAL_SERVER_ERROR;
const FORBIDDEN: StatusCode = StatusCode::FORBIDDEN;
const NOT_FOUND: StatusCode = StatusCode::NOT_FOUND;
const TOO_LARGE: StatusCode = StatusCode::PAYLOAD_TOO_LARGE;
const UNAUTHORIZED: StatusCode = StatusCode::UNAUTHORIZED;
const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

pub(super) fn faults() -> Vec<Fault> {
    let cases = [headers(), bodies(), identifiers(), fields(), chunk_sizes()];
    let cases = cases.into_iter().flatten();
    cases.flat_map(|case| case.faults).collect()
}

fn headers() -> Vec<Case> {
    vec![
        case(MISSING_VERSION, "A submission without a version")
            .accepted("accepts-missing-version")
            .gets("missing-version-unauthorized", UNAUTHORIZED)
            .gets("missing-version-not-found", NOT_FOUND)
            .gets("missing-version-fails", FAILURE)
            .kept("keeps-jobs-without-version"),
        case(OTHER_VERSION, "A submission with another version")
            .accepted("accepts-any-version")
            .gets("other-version-fails", FAILURE),
        case(OTHER_VERSION, "A submission with a later version")
            .only(|it| version(it) > API_VERSION && is_date(version(it)))
            .accepted("accepts-later-versions"),
        case(OTHER_VERSION, "A submission with an earlier version")
            .only(|it| version(it) < API_VERSION && is_date(version(it)))
            .accepted("accepts-earlier-versions"),
        case(OTHER_VERSION, "A submission whose version is no date")
            .only(|it| !is_date(version(it)))
            .accepted("accepts-undated-versions"),
        case(MISSING_KEY, "A submission without a key")
            .accepted("accepts-missing-key")
            .gets("missing-key-forbidden", FORBIDDEN)
            .gets("missing-key-bad-request", BAD)
            .gets("missing-key-fails", FAILURE),
        case(UNKNOWN_KEY, "A submission with an unknown key")
            .accepted("accepts-unknown-key")
            .gets("unknown-key-forbidden", FORBIDDEN),
    ]
}

fn bodies() -> Vec<Case> {
    vec![
        case(MALFORMED, "A body that is not a JSON object")
            .gets("fails-on-malformed-body", FAILURE),
        case(MALFORMED, "An empty body")
            .only(|it| it.body == Shape::Empty)
            .gets("fails-on-empty-body", FAILURE),
        case(MALFORMED, "A body that is JSON but no object")
            .only(|it| it.body == Shape::OtherJson)
            .gets("fails-on-other-json", FAILURE),
    ]
}

fn identifiers() -> Vec<Case> {
    vec![
        case(TOO_MANY, "A submission of too many identifiers")
            .accepted("accepts-too-many")
            .gets("unprocessable-for-too-many", UNPROCESSABLE)
            .gets("fails-on-too-many", FAILURE)
            .kept("keeps-jobs-with-too-many-identifiers"),
        case(TOO_MANY, "A submission of too many identifiers in a string")
            .only(|it| it.identifiers.is_text())
            .accepted("accepts-too-many-as-string")
            .gets("too-large-for-too-many-in-strings", TOO_LARGE),
        case(TOO_MANY, "A submission of just one identifier too many")
            .only(|it| it.count() == identifiers::MAX + 1)
            .accepted("accepts-one-too-many"),
        case(TOO_MANY, "One identifier too many in a string")
            .only(|it| it.count() == identifiers::MAX + 1 && it.identifiers.is_text())
            .accepted("accepts-one-too-many-as-string"),
        case(TOO_MANY, "One identifier too many in a list")
            .only(|it| it.count() == identifiers::MAX + 1 && !it.identifiers.is_text())
            .accepted("accepts-one-too-many-as-list"),
        case(TOO_MANY, "A submission of far too many identifiers alone")
            .only(|it| it.count() > identifiers::MAX + LARGE)
            .accepted("accepts-far-too-many"),
        case(MISSING, "A submission without any identifiers")
            .only(|it| it.identifiers.form == Form::Absent && !it.has_other_keys())
            .accepted("accepts-missing-identifiers")
            .gets("fails-on-missing-identifiers", FAILURE),
        case(OTHER, "A submission with another identifier type alone")
            .only(|it| it.identifiers.form == Form::Absent && it.has_other_keys())
            .accepted("accepts-other-identifier")
            .gets("fails-on-other-identifier", FAILURE),
    ]
}

fn fields() -> Vec<Case> {
    vec![
        case(MISSING_FIELDS, "A submission without fields")
            .gets("fails-on-missing-fields", FAILURE),
        case(EMPTY_FIELDS, "An empty list or string of fields")
            .only(|it| it.fields.form != Form::Absent)
            .accepted("accepts-empty-fields"),
        case(EMPTY_FIELDS, "An empty list of fields")
            .only(|it| it.fields.form == Form::List)
            .accepted("accepts-empty-field-list"),
        case(EMPTY_FIELDS, "An empty string of fields")
            .only(|it| it.fields.is_text())
            .accepted("accepts-empty-field-string")
            .gets("unprocessable-for-empty-field-string", UNPROCESSABLE),
        case(UNSUPPORTED, "A submission with an unsupported field")
            .accepted("accepts-unsupported-fields")
            .gets("not-found-for-unsupported-fields", NOT_FOUND)
            .kept("keeps-jobs-with-unsupported-fields"),
        case(UNSUPPORTED, "An unsupported field beside a supported one")
            .only(|it| it.fields.iter().any(is_supported))
            .accepted("accepts-unsupported-beside-supported"),
        case(UNSUPPORTED, "An unsupported field that is alone")
            .only(|it| it.fields.len() == 1)
            .accepted("accepts-unsupported-alone"),
        case(UNSUPPORTED, "An unsupported field in a string")
            .only(|it| it.fields.is_text())
            .accepted("accepts-unsupported-in-strings")
            .gets("fails-on-unsupported-field-in-strings", FAILURE),
        case(UNSUPPORTED, "An unsupported field in a list")
            .only(|it| it.fields.form == Form::List)
            .accepted("accepts-unsupported-in-lists"),
        case(UNSUPPORTED, "An unsupported field after a supported one")
            .only(|it| it.fields.iter().next().is_some_and(is_supported))
            .accepted("checks-first-field-only"),
        case(UNSUPPORTED, "An unsupported field before a supported one")
            .only(|it| it.fields.iter().last().is_some_and(is_supported))
            .accepted("checks-last-field-only"),
        case(UNSUPPORTED, "A name that extends a supported field")
            .only(|it| it.fields.iter().all(extends_supported))
            .accepted("accepts-parts-of-any-name"),
    ]
}

fn chunk_sizes() -> Vec<Case> {
    vec![
        case(CHUNK, "A chunk size beyond the bounds")
            .gets("unprocessable-for-chunk-size", UNPROCESSABLE)
            .kept("keeps-jobs-with-bad-chunk-size"),
        case(CHUNK, "Any number as a chunk size")
            .only(|it| it.chunk_size.is_number())
            .accepted("accepts-any-chunk-size"),
        case(CHUNK, "A chunk size one below the smallest")
            .only(|it| it.has_chunk_size(chunk_size::MIN - 1))
            .accepted("accepts-chunk-below-min"),
        case(CHUNK, "A chunk size one above the largest")
            .only(|it| it.has_chunk_size(chunk_size::MAX + 1))
            .accepted("accepts-chunk-above-max"),
        case(CHUNK, "A chunk size of zero")
            .only(|it| it.has_chunk_size(0))
            .accepted("accepts-chunk-zero"),
        case(CHUNK, "A negative chunk size")
            .only(|it| it.chunk_size.as_f64().is_some_and(|size| size < 0.0))
            .accepted("accepts-negative-chunk")
            .gets("fails-on-negative-chunk", FAILURE),
        case(CHUNK, "A chunk size far above the largest")
            .only(|it| is_chunk(it, |size| size > 2.0 * f64::from(chunk_size::MAX)))
            .accepted("accepts-huge-chunk"),
        case(CHUNK, "A small chunk size for a single identifier")
            .only(|it| it.count() == 1 && is_chunk(it, |size| size < f64::from(chunk_size::MIN)))
            .accepted("accepts-chunk-below-min-for-one"),
    ]
}

fn is_supported(field: &str) -> bool {
    fields::VALUES.contains(&field)
}

/// Whether the field is a supported one, or one with a dot and a name after it.
fn extends_supported(field: &str) -> bool {
    let parent = field.rsplit_once('.').map(|(parent, _)| parent);
    is_supported(field) || parent.is_some_and(is_supported)
}

fn is_chunk(submission: &Submission, is: fn(f64) -> bool) -> bool {
    submission.chunk_size.as_f64().is_some_and(is)
}

fn version(submission: &Submission) -> &str {
    submission.version.as_deref().unwrap_or_default()
}

/// Whether a version looks like the supported one: digits and hyphens, in the same places.
fn is_date(version: &str) -> bool {
    let shape = |text: &str| {
        text.chars()
            .map(|char| char.is_ascii_digit())
            .collect::<Vec<_>>()
    };
    shape(version) == shape(API_VERSION)
}
