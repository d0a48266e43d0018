//! The document as the client generator sees it: without what the client handles by hand, so that a surprising
//! answer never costs the caller an accepted job. Each step is one function and says why it is there.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::document::Document;
use crate::pointer::token;

/// What is said of a value beside its type and its format.
const BOUNDS: [&str; 12] = [
    "default",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
];

/// The generator's view of the document.
pub(super) fn lenient(document: &Document) -> Value {
    let mut view = document.value().clone();
    drop_account_operations(&mut view);
    drop_sources(&mut view);
    drop_bounds(&mut view);
    for operation in operations(&mut view) {
        drop_error_answers(operation);
        drop_response_headers(operation);
        drop_version_header(operation);
        drop_callbacks(operation);
    }
    drop_null_schemas(&mut view);
    drop_unused_components(&mut view);
    drop_line_schemas(&mut view);
    view
}

/// Every operation of every path.
fn operations(view: &mut Value) -> impl Iterator<Item = &mut Map<String, Value>> {
    let paths = view["paths"]
        .as_object_mut()
        .into_iter()
        .flat_map(Map::values_mut);
    let members = paths
        .filter_map(Value::as_object_mut)
        .flat_map(Map::values_mut);
    members
        .filter_map(Value::as_object_mut)
        .filter(|member| member.contains_key("operationId"))
}

/// Only a success is decoded into a type: the client reads whatever else comes by hand, so that nothing about it can make
/// it unreadable.
fn drop_error_answers(operation: &mut Map<String, Value>) {
    if let Some(responses) = operation
        .get_mut("responses")
        .and_then(Value::as_object_mut)
    {
        responses.retain(|status, _| status.starts_with('2'));
    }
}

/// The client asks for the account by hand: too much of its responses is open for types that insist on anything.
fn drop_account_operations(view: &mut Value) {
    if let Some(paths) = view["paths"].as_object_mut() {
        let is_account = |operation: &Value| operation["tags"] == json!(["account"]);
        paths.retain(|_, item| {
            !item
                .as_object()
                .is_some_and(|all| all.values().any(is_account))
        });
    }
}

/// Where a fact is from is for people. A type that says more than a type and a format may not be recognised.
fn drop_sources(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.remove("x-source");
            members.values_mut().for_each(drop_sources);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_sources),
        _ => {}
    }
}

/// A response beyond a bound, or with a key that is new, is one all the same, and a key that is absent is absent. What is
/// sent has types of its own, which hold the bounds. And the type of a bounded text or number may not be recognised.
fn drop_bounds(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|key, bound| {
                let is_closed = key == "additionalProperties" && *bound == false;
                !is_closed && !BOUNDS.contains(&key.as_str())
            });
            for (key, member) in members {
                match member {
                    // Their keys are names.
                    Value::Object(named) if key == "properties" => {
                        named.values_mut().for_each(drop_bounds);
                    }
                    member => drop_bounds(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(drop_bounds),
        _ => {}
    }
}

/// The client reads headers from the response as it came.
fn drop_response_headers(operation: &mut Map<String, Value>) {
    let responses = operation
        .get_mut("responses")
        .and_then(Value::as_object_mut);
    let responses = responses.into_iter().flat_map(Map::values_mut);
    for response in responses.filter_map(Value::as_object_mut) {
        response.remove("headers");
    }
}

/// The version is no choice of the caller's: the generator fills it in.
fn drop_version_header(operation: &mut Map<String, Value>) {
    if let Some(parameters) = operation
        .get_mut("parameters")
        .and_then(Value::as_array_mut)
    {
        parameters.retain(|parameter| parameter["in"] != "header");
    }
}

/// A callback is received, not sent: there is nothing to generate.
fn drop_callbacks(operation: &mut Map<String, Value>) {
    operation.remove("callbacks");
}

/// A schema that may be null would become a type around an option. Where such a schema is used the key is
/// optional, and null is read like an absent key.
fn drop_null_schemas(view: &mut Value) {
    for schema in schemas(view).filter_map(Value::as_object_mut) {
        schema.remove("nullable");
    }
}

/// Every schema that has a name.
fn schemas(view: &mut Value) -> impl Iterator<Item = &mut Value> {
    let schemas = view["components"]["schemas"].as_object_mut();
    schemas.into_iter().flat_map(Map::values_mut)
}

/// Once the errors are gone, nobody needs their types.
fn drop_unused_components(view: &mut Value) {
    let mut used = BTreeSet::new();
    collect_references(view, &view["paths"], &mut used);
    if let Some(components) = view["components"].as_object_mut() {
        components.retain(|kind, _| kind == "schemas");
    }
    keep_schemas(view, &used);
}

/// What is behind a link is not of the link's type. The type of a key that says more than a type and a format would
/// not be recognised. Dropped last, since it is where the type of the lines is used.
fn drop_line_schemas(view: &mut Value) {
    let properties =
        schemas(view).filter_map(|schema| schema.get_mut("properties")?.as_object_mut());
    for property in properties.flat_map(Map::values_mut) {
        if let Some(property) = property.as_object_mut() {
            property.remove("x-lines");
            property.remove("x-media-type");
        }
    }
}

fn keep_schemas(view: &mut Value, used: &BTreeSet<String>) {
    if let Some(schemas) = view["components"]["schemas"].as_object_mut() {
        schemas.retain(|name, _| used.contains(&format!("#/components/schemas/{name}")));
    }
}

/// Adds every reference below `value`, and those behind the references.
fn collect_references(view: &Value, value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref")
                && found.insert(reference.clone())
                && let Some(target) = view.pointer(reference.trim_start_matches('#'))
            {
                collect_references(view, target, found);
            }
            members
                .values()
                .for_each(|member| collect_references(view, member, found));
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| collect_references(view, item, found)),
        _ => {}
    }
}

/// For each schema its place, and the view with nothing but it and what it refers to; the smallest first.
pub(super) fn single_schemas(view: &Value) -> Vec<(String, Value)> {
    let mut parts: Vec<_> = view["components"]["schemas"]
        .as_object()
        .into_iter()
        .flat_map(Map::keys)
        .map(|name| {
            let place = format!("#/components/schemas/{name}");
            let mut used = BTreeSet::from([place.clone()]);
            collect_references(view, &view["components"]["schemas"][name], &mut used);
            let mut part = view.clone();
            part["paths"] = Value::Object(Map::new());
            keep_schemas(&mut part, &used);
            (used.len(), (place, part))
        })
        .collect();
    parts.sort_by_key(|(size, _)| *size);
    parts.into_iter().map(|(_, part)| part).collect()
}

/// For each operation its place, and the view without the others.
pub(super) fn single_operations(view: &Value) -> Vec<(String, Value)> {
    let mut parts = Vec::new();
    for (path, item) in view["paths"].as_object().into_iter().flatten() {
        for method in item.as_object().into_iter().flat_map(Map::keys) {
            let token = token(path);
            let mut part = view.clone();
            part["paths"] = json!({ path: { method: item[method] } });
            parts.push((format!("#/paths/{token}/{method}"), part));
        }
    }
    parts
}
