//! Faults that forget a rule only beside a feature, or beside two: a table of rules against a table of features.

use axum::http::StatusCode;

use super::refusal_case::{
    CHUNK, EMPTY_FIELDS, MISSING, MISSING_FIELDS, MISSING_KEY, MISSING_VERSION, OTHER,
    OTHER_VERSION, Rule, TOO_MANY, UNKNOWN_KEY, UNSUPPORTED, case, named,
};
use crate::edits::{Submitted, has_text, has_text_fields, has_webhook};
use crate::generated::contract::submit::{chunk_size, fields};
use crate::hooks::Fault;
use crate::submission::{Form, Submission};

/// The part of a submission that a rule or a feature is about. No rule stands beside a feature of its own part.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Headers,
    Identifiers,
    Fields,
    ChunkSize,
    Webhook,
}

pub(super) type Holds = fn(&Submission) -> bool;

/// A rule: its name, the subject of a sentence, the clause, and which of those that are refused for its reason.
pub(super) const RULES: &[(&str, &str, Rule, Part, Holds)] = {
    use Part::{ChunkSize, Fields, Headers, Identifiers};
    &[
        (
            "no-key",
            "A submission without a key",
            MISSING_KEY,
            Headers,
            any,
        ),
        (
            "unknown-key",
            "A submission with an unknown key",
            UNKNOWN_KEY,
            Headers,
            any,
        ),
        (
            "no-version",
            "A submission without a version",
            MISSING_VERSION,
            Headers,
            any,
        ),
        (
            "other-version",
            "A submission with another version",
            OTHER_VERSION,
            Headers,
            any,
        ),
        (
            "no-identifiers",
            "A submission without any identifiers",
            MISSING,
            Identifiers,
            |it| it.identifiers.form == Form::Absent && !it.has_other_keys(),
        ),
        (
            "other-identifier",
            "Another identifier type alone",
            OTHER,
            Identifiers,
            |it| it.identifiers.form == Form::Absent && it.has_other_keys(),
        ),
        (
            "too-many",
            "A submission of too many identifiers",
            TOO_MANY,
            Identifiers,
            any,
        ),
        (
            "no-fields",
            "A submission without fields",
            MISSING_FIELDS,
            Fields,
            |it| it.fields.form == Form::Absent,
        ),
        (
            "empty-fields",
            "An empty list or string of fields",
            EMPTY_FIELDS,
            Fields,
            |it| it.fields.form != Form::Absent,
        ),
        (
            "unsupported-field",
            "A submission with an unsupported field",
            UNSUPPORTED,
            Fields,
            any,
        ),
        (
            "chunk-size",
            "A chunk size out of range",
            CHUNK,
            ChunkSize,
            Submission::has_whole_chunk_size,
        ),
    ]
};

/// A feature: its name, where it is in a sentence, and whether a submission has it.
const FEATURES: &[(&str, &str, Part, Holds)] = {
    use Part::{ChunkSize, Fields, Identifiers, Webhook};
    &[
        ("webhook", "with a webhook", Webhook, |it| has_webhook(it)),
        (
            "webhook-query",
            "with a webhook that has a query",
            Webhook,
            |it| it.webhook_url.as_str().is_some_and(|url| url.contains('?')),
        ),
        (
            "string-identifiers",
            "with identifiers in a string",
            Identifiers,
            |it| has_text(it),
        ),
        (
            "several-chunks",
            "with more identifiers than the smallest chunk",
            Identifiers,
            |it| it.count() > chunk_size::MIN as usize,
        ),
        ("string-fields", "with fields in a string", Fields, |it| {
            has_text_fields(it)
        }),
        ("several-fields", "with more than one field", Fields, |it| {
            it.fields.len() > 1
        }),
        ("all-fields", "with all fields", Fields, |it| {
            it.fields.are(fields::VALUES)
        }),
        ("chunk-size", "with a chunk size", ChunkSize, |it| {
            !it.chunk_size.is_null()
        }),
        (
            "largest-chunk",
            "with the largest chunk size",
            ChunkSize,
            |it| it.has_chunk_size(chunk_size::MAX),
        ),
    ]
};

/// Pairs of features, by their names.
const PAIRS: &[[&str; 2]] = &[
    ["webhook", "string-identifiers"],
    ["webhook", "string-fields"],
    ["webhook", "chunk-size"],
    ["webhook-query", "several-chunks"],
    ["string-identifiers", "string-fields"],
    ["several-chunks", "several-fields"],
    ["chunk-size", "string-identifiers"],
    ["chunk-size", "string-fields"],
];

/// Features beside which a rule is not forgotten, but ends in a failure of the server.
const FAILING: &[&str] = &[
    "webhook",
    "string-identifiers",
    "string-fields",
    "chunk-size",
];

const FAILURE: StatusCode = StatusCode::INTERNAL_SERVER_ERROR;

pub(super) fn faults() -> Vec<Fault> {
    let mut faults = Vec::new();
    for &(rule, which, clause, part, is_broken) in RULES {
        for &(feature, with, of, has) in FEATURES {
            if of == part {
                continue;
            }
            let mut case = case(clause, format!("{which}, {with},"))
                .only(move |it| is_broken(it) && has(it))
                .accepted(named(format!("forgets-{rule}-beside-{feature}")));
            if FAILING.contains(&feature) {
                case = case.gets(named(format!("fails-on-{rule}-beside-{feature}")), FAILURE);
            }
            faults.extend(case.faults);
        }
        for pair in PAIRS {
            let both: Vec<_> = (FEATURES.iter())
                .filter(|(name, _, of, _)| pair.contains(name) && *of != part)
                .collect();
            if let [&(one, with, _, has), &(other, and, _, has_too)] = both[..] {
                let case = case(clause, format!("{which}, {with} and {and},"))
                    .only(move |it| is_broken(it) && has(it) && has_too(it))
                    .accepted(named(format!("forgets-{rule}-beside-{one}-and-{other}")));
                faults.extend(case.faults);
            }
        }
    }
    faults
}

fn any(_: &Submission) -> bool {
    true
}
