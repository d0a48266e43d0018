//! Faults in bodies in which a key stands twice: the rules about it are forgotten, or end in a failure of the server.

use axum::http::StatusCode;

use super::refusal_case::{CHUNK, EMPTY_FIELDS, Rule, TOO_MANY, UNSUPPORTED, case, named};
use crate::generated::contract::submit::identifiers;
use crate::hooks::Fault;

/// A rule: its name, the subject of a sentence, the clause, and the key.
const RULES: &[(&str, &str, Rule, &str)] = &[
    (
        "chunk-size",
        "A chunk size out of range",
        CHUNK,
        "chunk_size",
    ),
    (
        "unsupported-field",
        "An unsupported field",
        UNSUPPORTED,
        "fields",
    ),
    (
        "empty-fields",
        "An empty list or string of fields",
        EMPTY_FIELDS,
        "fields",
    ),
    (
        "too-many",
        "Too many identifiers",
        TOO_MANY,
        identifiers::KEY,
    ),
];

pub(super) fn faults() -> Vec<Fault> {
    let faults = RULES.iter().flat_map(|&(rule, which, clause, key)| {
        let case = case(clause, format!("{which}, under a key that stands twice,"))
            .only(move |it| it.repeats(key))
            .accepted(named(format!("forgets-{rule}-of-a-repeated-key")))
            .gets(
                named(format!("fails-on-{rule}-of-a-repeated-key")),
                StatusCode::INTERNAL_SERVER_ERROR,
            );
        case.faults
    });
    faults.collect()
}
