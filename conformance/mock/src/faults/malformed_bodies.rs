//! Faults that accept a body that is no JSON object, or fail on it: a table of such bodies.

use axum::http::StatusCode;
use serde_json::Value;

use super::refusal_case::{MALFORMED, case, named};
use crate::hooks::Fault;

const FAILURE: StatusCode = StatusCode::INTERNAL_SERVER_ERROR;

/// Whether a body, as text, is of a kind.
type Is = fn(&str) -> bool;

/// Bodies of a kind: a name, the subject of a sentence, and which of those that are no object.
const KINDS: &[(&str, &str, Is)] = &[
    ("true", "The body true", |text| text == "true"),
    ("false", "The body false", |text| text == "false"),
    ("null", "The body null", |text| text == "null"),
    ("number", "A body that is a number", |text| {
        json(text).is_some_and(|it| it.is_number())
    }),
    ("string", "A body that is a string", |text| {
        json(text).is_some_and(|it| it.is_string())
    }),
    ("list", "A body that is a list", |text| {
        json(text).is_some_and(|it| it.is_array())
    }),
    ("empty-list", "An empty list as a body", |text| text == "[]"),
    ("list-of-objects", "A list of objects as a body", |text| {
        let is_object = |item: &Value| item.as_object().is_some_and(|it| !it.is_empty());
        json(text).is_some_and(|it| {
            it.as_array()
                .is_some_and(|list| !list.is_empty() && list.iter().all(is_object))
        })
    }),
    (
        "json-in-a-string",
        "A string that holds an object, as a body,",
        |text| json(text).is_some_and(|it| it.as_str().is_some_and(|it| it.starts_with('{'))),
    ),
    ("blank", "A body of white space", |text| {
        !text.is_empty() && text.trim().is_empty()
    }),
    (
        "comma-at-the-end",
        "A body with a comma before its end",
        |text| text.ends_with(",}"),
    ),
    (
        "comma-in-a-list",
        "A body with a comma at the end of a list",
        |text| text.contains(",]"),
    ),
    ("comments", "A body with a comment", |text| {
        text.contains("/*") || text.contains("//\n")
    }),
    ("single-quotes", "A body with single quotes", |text| {
        text.starts_with("{'")
    }),
    (
        "bare-keys",
        "A body with a key that has no quotes",
        |text| text.contains("fields:") || text.contains(",fields"),
    ),
    ("cut-off", "An object that is cut off", |text| {
        text.starts_with('{') && !text.trim().ends_with('}')
    }),
    (
        "cut-off-at-the-end",
        "An object without its last brace",
        |text| json(&format!("{text}}}")).is_some_and(|it| it.is_object()),
    ),
    (
        "brace-too-many",
        "An object with a brace too many",
        |text| text.strip_suffix('}').is_some_and(is_object),
    ),
    (
        "text-after-it",
        "An object with something after it",
        |text| rest(text).is_some_and(|rest| !rest.is_empty()),
    ),
    (
        "object-after-it",
        "An object with another one after it",
        |text| rest(text).is_some_and(|rest| rest.starts_with('{')),
    ),
    ("nul-after-it", "An object with a NUL after it", |text| {
        rest(text) == Some("\0")
    }),
    ("nan", "A body with a NaN", |text| text.contains("NaN")),
    (
        "zero-before-a-number",
        "A body with a zero before a number",
        |text| text.contains(":0100"),
    ),
    (
        "sign-of-a-number",
        "A body with a plus before a number",
        |text| text.contains(":+"),
    ),
    ("hexadecimal", "A body with a hexadecimal number", |text| {
        text.contains(":0x")
    }),
    ("undefined", "A body with an undefined", |text| {
        text.contains("undefined")
    }),
    (
        "line-in-a-string",
        "A body with the end of a line in a string",
        |text| text.contains("\"\ns") || text.contains('\x01'),
    ),
    (
        "broken-escape",
        "A body with an escape that is none",
        |text| text.contains("\\x"),
    ),
    ("gzip", "A body that is gzip", |text| {
        text.starts_with('\x1f')
    }),
    ("form", "A body that is a form", |text| {
        text.starts_with("fields=")
    }),
    ("xml", "A body that is XML", |text| text.starts_with('<')),
    ("yaml", "A body that is YAML", |text| {
        text.starts_with("fields: ")
    }),
    ("call", "A body that calls a function", |text| {
        text.starts_with("callback(") || text.starts_with("({")
    }),
    ("deep", "A body that is nested deep", |text| {
        text.starts_with("[[[[[[")
    }),
];

pub(super) fn faults() -> Vec<Fault> {
    let cases = KINDS.iter().map(|&(name, which, is)| {
        case(MALFORMED, which)
            .only(move |it| {
                it.malformed()
                    .is_some_and(|body| is(&String::from_utf8_lossy(body)))
            })
            .accepted(named(format!("accepts-body-{name}")))
            .gets(named(format!("fails-on-body-{name}")), FAILURE)
    });
    cases.flat_map(|case| case.faults).collect()
}

fn json(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

fn is_object(text: &str) -> bool {
    json(text).is_some_and(|it| it.is_object())
}

/// What comes after the object that a text begins with.
fn rest(text: &str) -> Option<&str> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter();
    let first: Value = values.next()?.ok()?;
    let rest = text.get(values.byte_offset()..)?;
    first.is_object().then_some(rest)
}
