//! What delivered records cost by the known prices: for each person, each contact kind once.

use serde_json::Value;

use super::files::Record;
use crate::generated::contract::prices;

/// Credits for these records; `None` where one has no form that is known.
pub(super) fn credits(records: &[Record]) -> Option<f64> {
    // Not by `sum`, which makes a zero below zero of nothing.
    (records.iter()).try_fold(0.0, |sum, record| Some(sum + of_record(record)?))
}

fn of_record(record: &Record) -> Option<f64> {
    // The envelope, or what it holds without it.
    let data = match record.get("data") {
        None => record,
        Some(Value::Object(data)) => data,
        // Someone who was not found.
        Some(Value::Null) => return Some(0.0),
        Some(_) => return None,
    };
    let delivered = prices::BY_FIELD.iter().map(|(field, price)| {
        let mut keys = field.split('.');
        let first = keys.next().and_then(|key| data.get(key));
        let value = keys.try_fold(first?, |value, key| value.get(key))?;
        holds(value).then_some(*price)
    });
    Some(delivered.flatten().fold(0.0, |sum, price| sum + price))
}

/// Whether a kind is more than an empty place.
fn holds(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(values) => values.iter().any(holds),
        Value::Object(object) => object.values().any(holds),
        Value::String(text) => !text.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}
