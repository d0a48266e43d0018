//! What is the same for the same JSON, however it is written: with its keys in any order, and any blanks between.

use std::io::Write;

use serde_json::{Map, Value};

use crate::contract::fingerprint::fingerprint;

/// What stands for a value.
pub fn canonical(value: &Value) -> u64 {
    let mut form = Vec::new();
    add(value, &mut form);
    fingerprint(form)
}

/// What stands for an object.
pub(super) fn canonical_object(object: &Map<String, Value>) -> u64 {
    let mut form = Vec::with_capacity(256);
    add_object(object, &mut form);
    fingerprint(form)
}

/// Adds a form of the value that no other one has: its type, its length where it has one, and what it holds.
fn add(value: &Value, form: &mut Vec<u8>) {
    match value {
        Value::Null => form.push(0),
        Value::Bool(value) => form.extend_from_slice(&[1, u8::from(*value)]),
        Value::Number(number) => {
            form.push(2);
            // Nothing fails that is written into memory. The blank is where the number ends.
            let _ = write!(form, "{number} ");
        }
        Value::String(text) => {
            form.push(3);
            add_text(text, form);
        }
        Value::Array(values) => {
            form.push(4);
            add_length(values.len(), form);
            values.iter().for_each(|value| add(value, form));
        }
        Value::Object(object) => add_object(object, form),
    }
}

fn add_object(object: &Map<String, Value>, form: &mut Vec<u8>) {
    form.push(5);
    add_length(object.len(), form);
    let mut members: Vec<(&String, &Value)> = object.iter().collect();
    members.sort_unstable_by_key(|(key, _)| *key);
    for (key, value) in members {
        add_text(key, form);
        add(value, form);
    }
}

fn add_text(text: &str, form: &mut Vec<u8>) {
    add_length(text.len(), form);
    form.extend_from_slice(text.as_bytes());
}

fn add_length(length: usize, form: &mut Vec<u8>) {
    form.extend_from_slice(&(length as u64).to_le_bytes());
}
