//! A schema in a form in which those of OpenAPI 3.0 and 3.1 can be held against each other: references followed, `allOf`
//! merged, null told apart from the other types.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::node::Node;

/// What bounds a value, wherever it stands. Formats are compared where they are those of the specification.
const BOUNDS: [&str; 12] = [
    "type",
    "default",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "format",
];
const FORMATS: [&str; 4] = ["uuid", "uri", "date-time", "email"];
/// More than this are not merged: they lead in a circle.
const MAX_PARTS: usize = 20;

/// A schema. Each part has the place at which it stands.
#[derive(Default)]
pub(super) struct Schema<'a> {
    pub(super) pointer: String,
    pub(super) bounds: BTreeMap<&'static str, (Value, String)>,
    pub(super) is_nullable: bool,
    /// Whether anything is said of the type.
    pub(super) values: Option<(Vec<Value>, String)>,
    pub(super) required: BTreeMap<String, String>,
    pub(super) properties: BTreeMap<String, Node<'a>>,
    pub(super) items: Option<Node<'a>>,
    /// Alternatives, by their types.
    pub(super) alternatives: BTreeMap<String, Node<'a>>,
}

impl<'a> Schema<'a> {
    pub(super) fn of(node: &Node<'a>) -> Self {
        let node = node.followed();
        let mut schema = Self {
            pointer: node.pointer.clone(),
            ..Self::default()
        };
        let mut parts = vec![node];
        for _ in 0..MAX_PARTS {
            let Some(part) = parts.pop() else { break };
            schema.take(&part);
            parts.extend(part.key("allOf").items());
            let (null, mut others): (Vec<_>, Vec<_>) = (["oneOf", "anyOf"].into_iter())
                .flat_map(|key| part.key(key).items())
                .partition(|one| one.value["type"] == "null");
            schema.is_nullable |= !null.is_empty();
            if others.len() == 1 {
                parts.append(&mut others);
            }
            for one in others {
                schema.alternatives.insert(kind(&one), one);
            }
        }
        schema
    }

    fn take(&mut self, part: &Node<'a>) {
        let at = |key: &str| format!("{}/{key}", part.pointer);
        self.is_nullable |= part.value["nullable"] == true;
        for key in BOUNDS {
            let clamp = part.key("x-clamp").key(key);
            let own = part.key(key);
            let bound = if clamp.exists() { clamp } else { own };
            let is_known = key != "format" || FORMATS.iter().any(|format| *bound.value == **format);
            if let Some(value) = self.bound(bound.value).filter(|_| is_known) {
                self.bounds.insert(key, (value, bound.pointer));
            }
        }
        if let Some(values) = part.value["enum"].as_array() {
            self.values = Some((values.clone(), at("enum")));
        } else if !part.value["const"].is_null() {
            self.values = Some((vec![part.value["const"].clone()], at("const")));
        }
        for (index, key) in part.key("required").items().iter().enumerate() {
            let name = key.value.as_str().unwrap_or_default();
            self.required
                .insert(name.to_owned(), at(&format!("required/{index}")));
        }
        let properties = part.value["properties"].as_object();
        for name in properties.into_iter().flat_map(Map::keys) {
            self.properties
                .insert(name.clone(), part.key("properties").key(name));
        }
        self.items = Some(part.key("items"))
            .filter(Node::exists)
            .or(self.items.take());
    }

    /// A bound in one form; none, if there is none.
    fn bound(&mut self, value: &Value) -> Option<Value> {
        match value {
            Value::Null => None,
            // The types of OpenAPI 3.1.
            Value::Array(types) => {
                let (null, others): (Vec<_>, Vec<_>) =
                    types.iter().cloned().partition(|one| *one == "null");
                self.is_nullable |= !null.is_empty();
                match others.as_slice() {
                    [one] => Some(one.clone()),
                    _ => Some(Value::Array(others)),
                }
            }
            Value::Number(number) => match number.as_f64() {
                // 300 and 300.0 are the same.
                Some(whole) if whole.fract() == 0.0 && whole.abs() < 1e15 => {
                    Some(Value::from(whole as i64))
                }
                _ => Some(value.clone()),
            },
            other => Some(other.clone()),
        }
    }
}

/// An alternative's name: its type, or `object` for one with properties.
fn kind(node: &Node<'_>) -> String {
    let schema = Schema::of(node);
    match schema.bounds.get("type") {
        Some((Value::String(kind), _)) => kind.clone(),
        _ if schema.properties.is_empty() => "any".to_owned(),
        _ => "object".to_owned(),
    }
}
