//! Which clause stands where in our document, by its `x-clauses`.

use serde_json::Value;

use crate::pointer::token;

/// The clauses with their places, as JSON pointers.
pub(super) struct Clauses(Vec<(String, String)>);

impl Clauses {
    pub(super) fn of(document: &Value) -> Self {
        let all = document["x-clauses"].as_object().into_iter().flatten();
        let places = all.flat_map(|(id, place)| {
            let places = match place {
                Value::Array(places) => places.iter().collect(),
                place => vec![place],
            };
            let texts = places.into_iter().filter_map(Value::as_str);
            texts.filter_map(|text| Some((id.clone(), pointer(document, text)?)))
        });
        Self(places.collect())
    }

    /// The clauses that a change at this place touches: those about it, about something around it, or within it.
    pub(super) fn at(&self, changed: &str) -> Vec<&str> {
        let mut found = Vec::new();
        for (id, place) in &self.0 {
            if (is_within(changed, place) || is_within(place, changed)) && !found.contains(&&**id) {
                found.push(&**id);
            }
        }
        found
    }
}

/// From the root or from an operation; none for a reason why a clause stands nowhere.
fn pointer(document: &Value, place: &str) -> Option<String> {
    let (root, rest) = place.split_once('/')?;
    let pointer = match root {
        "#" => format!("/{rest}"),
        operation => format!("{}/{rest}", of_operation(document, operation)?),
    };
    // What a description says is about what it describes.
    let described = pointer.strip_suffix("/description").map(ToOwned::to_owned);
    Some(described.unwrap_or(pointer))
}

fn of_operation(document: &Value, id: &str) -> Option<String> {
    for (path, item) in document["paths"].as_object()? {
        for (method, operation) in item.as_object().into_iter().flatten() {
            if operation["operationId"] == id {
                return Some(format!("/paths/{}/{method}", token(path)));
            }
        }
    }
    None
}

fn is_within(pointer: &str, outer: &str) -> bool {
    (pointer.strip_prefix(outer)).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
