//! What a submission can do without.

use serde_json::{Map, Value};

use crate::contract::request::{Body, Items};
use crate::exchange::Request;
use crate::generated::contract::submit::identifiers;

/// Smaller requests, those first that leave most out. What one of them deserves is read from its bytes.
pub(super) fn smaller(request: &Request) -> Vec<Request> {
    let Body::Object(object) = Body::of(&request.body) else {
        return Vec::new();
    };
    let mut objects = Vec::new();
    let shorter = |key: &str, lists: Vec<Vec<&str>>| -> Vec<Map<String, Value>> {
        let of = |items: Vec<&str>| {
            let mut object = object.clone();
            let as_string = object.get(key).is_some_and(Value::is_string);
            let value = if as_string {
                Value::from(items.join(","))
            } else {
                Value::from(items)
            };
            object.insert(key.to_owned(), value);
            object
        };
        lists.into_iter().map(of).collect()
    };
    if let Some(Items { items, .. }) = object.get(identifiers::KEY).and_then(Items::of) {
        let lengths = [1, items.len() / 2, items.len().saturating_sub(1)];
        let shorter_ones = lengths.map(|length| items[..length.min(items.len())].to_vec());
        let lists = shorter_ones.into_iter();
        let lists = lists.filter(|list| !list.is_empty() && list.len() < items.len());
        objects.extend(shorter(identifiers::KEY, lists.collect()));
    }
    for key in ["webhook_url", "chunk_size"] {
        let mut without = object.clone();
        if without.shift_remove(key).is_some() {
            objects.push(without);
        }
    }
    if let Some(Items { items, .. }) = object.get("fields").and_then(Items::of)
        && items.len() > 1
    {
        let without = |n: usize| {
            let others = items.iter().enumerate().filter(|(other, _)| *other != n);
            others.map(|(_, item)| *item).collect()
        };
        objects.extend(shorter("fields", (0..items.len()).map(without).collect()));
    }
    objects
        .into_iter()
        .map(|object| {
            Request::new(
                request.method.clone(),
                request.destination.clone(),
                request.headers.clone(),
                Value::Object(object).to_string().into(),
            )
        })
        .collect()
}
