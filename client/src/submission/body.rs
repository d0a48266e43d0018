//! The body of a submission as somebody else shows it: where it is, its fingerprint, and its identifiers.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::fingerprint::fnv;
use crate::generated::contract::submit::identifiers::KEY;

/// Deeper than a body is nested in what shows it.
const DEEPEST: u8 = 8;

/// Of a JSON value, in whichever order its keys are. A key that is null is one that is missing.
pub(super) fn fingerprint(value: &Value) -> u64 {
    let mut text = String::new();
    write_sorted(value, &mut text);
    fnv(&text)
}

fn write_sorted(value: &Value, text: &mut String) {
    match value {
        Value::Object(object) => {
            let mut keys: Vec<_> = object
                .iter()
                .filter(|(_, value)| !value.is_null())
                .collect();
            keys.sort_by_key(|(key, _)| *key);
            text.push('{');
            for (key, value) in keys {
                // Writing to memory has no way to fail.
                let _ = write!(text, "{key:?}:");
                write_sorted(value, text);
                text.push(',');
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for item in items {
                write_sorted(item, text);
                text.push(',');
            }
            text.push(']');
        }
        scalar => {
            let _ = write!(text, "{scalar}");
        }
    }
}

/// The body in what shows it, however it is nested: an object with identifiers. A text that is one counts as one.
pub(super) fn find(shown: &Value) -> Option<Map<String, Value>> {
    find_in(shown, DEEPEST)
}

fn find_in(shown: &Value, depth: u8) -> Option<Map<String, Value>> {
    let depth = depth.checked_sub(1)?;
    match shown {
        Value::Object(object) if object.contains_key(KEY) => Some(object.clone()),
        Value::Object(object) => object.values().find_map(|value| find_in(value, depth)),
        Value::Array(items) => items.iter().find_map(|item| find_in(item, depth)),
        Value::String(text) => find_in(&serde_json::from_str(text).ok()?, depth),
        _ => None,
    }
}

/// The identifiers in a body; none if they are not there as they were sent.
pub(super) fn identifiers(body: &Map<String, Value>) -> Option<Vec<&str>> {
    let urls: Option<Vec<&str>> = match body.get(KEY)? {
        Value::String(text) => Some(text.split(',').map(str::trim).collect()),
        Value::Array(items) => items.iter().map(Value::as_str).collect(),
        _ => None,
    };
    // A mask in a URL's place would be taken for another URL.
    let is_url = |url: &&str| url.contains('/') && !url.contains(['*', '<', '…']);
    urls.filter(|urls| !urls.is_empty() && urls.iter().all(is_url))
}
