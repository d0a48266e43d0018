//! The two forms in which the API takes a list: JSON list, or one comma-separated string.

use schemars::{Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

/// A list as it may come; this crate always sends the first form.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected a list of strings, or one comma-separated string"
)]
pub(super) enum ListOrString {
    List(Vec<String>),
    String(String),
}

impl ListOrString {
    /// The items. Blanks around the items of a string are not part of them.
    pub(super) fn into_items(self) -> Vec<String> {
        match self {
            Self::List(items) => items,
            // Splitting an empty string gives one empty item, where no item is meant.
            Self::String(text) if text.trim().is_empty() => Vec::new(),
            Self::String(text) => text.split(',').map(|item| item.trim().to_owned()).collect(),
        }
    }
}

/// The schema of a list that is read in both forms and written as `list`.
pub(super) fn schema(generator: &SchemaGenerator, description: &str, list: Schema) -> Schema {
    let mut schema = if generator.contract().is_serialize() {
        list
    } else {
        json_schema!({ "oneOf": [list, { "type": "string", "minLength": 1 }] })
    };
    schema.insert("description".to_owned(), description.into());
    schema
}
