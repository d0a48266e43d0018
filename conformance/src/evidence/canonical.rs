//! What is the same for the same JSON, however it is written: with its keys in any order, and any blanks between.

use std::hash::{DefaultHasher, Hasher};

use serde_json::{Map, Value};

/// What stands for a value.
pub fn canonical(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    add(value, &mut hasher);
    hasher.finish()
}

/// What stands for an object.
pub(super) fn canonical_object(object: &Map<String, Value>) -> u64 {
    let mut hasher = DefaultHasher::new();
    add_object(object, &mut hasher);
    hasher.finish()
}

fn add(value: &Value, hasher: &mut DefaultHasher) {
    match value {
        Value::Null => hasher.write_u8(0),
        Value::Bool(value) => hasher.write(&[1, u8::from(*value)]),
        Value::Number(number) => {
            hasher.write_u8(2);
            add_text(&number.to_string(), hasher);
        }
        Value::String(text) => {
            hasher.write_u8(3);
            add_text(text, hasher);
        }
        Value::Array(values) => {
            hasher.write_u8(4);
            hasher.write_usize(values.len());
            values.iter().for_each(|value| add(value, hasher));
        }
        Value::Object(object) => add_object(object, hasher),
    }
}

fn add_object(object: &Map<String, Value>, hasher: &mut DefaultHasher) {
    hasher.write_u8(5);
    hasher.write_usize(object.len());
    let mut members: Vec<(&String, &Value)> = object.iter().collect();
    members.sort_unstable_by_key(|(key, _)| *key);
    for (key, value) in members {
        add_text(key, hasher);
        add(value, hasher);
    }
}

fn add_text(text: &str, hasher: &mut DefaultHasher) {
    hasher.write_usize(text.len());
    hasher.write(text.as_bytes());
}
