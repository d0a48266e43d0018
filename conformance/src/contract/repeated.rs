//! Keys that stand twice in a JSON object. Parsers keep the last value, or the first, or refuse the whole.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};

/// The object of these bytes with the first value of each key that stands twice; `None` where none does. `last` is the
/// one with the last value of each.
pub(super) fn first_values(bytes: &[u8], last: &Map<String, Value>) -> Option<Map<String, Value>> {
    let Members::<IgnoredAny>(members) = serde_json::from_slice(bytes).ok()?;
    if members.len() == last.len() {
        return None;
    }
    let Members::<Value>(members) = serde_json::from_slice(bytes).ok()?;
    let mut first = Map::new();
    for (key, value) in members {
        first.entry(key).or_insert(value);
    }
    Some(first)
}

/// Whether a key stands twice in the object of these bytes, so that a server may refuse it for that.
pub fn repeats_a_key(bytes: &[u8]) -> bool {
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(object)) => first_values(bytes, &object).is_some(),
        _ => false,
    }
}

/// The members of an object, as they stand.
struct Members<T>(Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Members<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Reader(Vec::new()))
    }
}

/// Reads them.
struct Reader<T>(Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Reader<T> {
    type Value = Members<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<Self::Value, A::Error> {
        while let Some(member) = members.next_entry()? {
            self.0.push(member);
        }
        Ok(Members(self.0))
    }
}
