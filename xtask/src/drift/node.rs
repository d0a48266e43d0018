//! One place in a document, with what stands there.

use serde_json::Value;

use crate::pointer::token;

/// More references in a row than a document has that people write: beyond it they lead in a circle.
const MAX_REFERENCES: usize = 20;

/// A place, by its JSON pointer.
#[derive(Clone)]
pub(super) struct Node<'a> {
    document: &'a Value,
    pub(super) pointer: String,
    pub(super) value: &'a Value,
}

impl<'a> Node<'a> {
    pub(super) fn root(document: &'a Value) -> Self {
        Self {
            document,
            pointer: String::new(),
            value: document,
        }
    }

    /// What is under a key; null, if there is nothing.
    pub(super) fn key(&self, key: &str) -> Self {
        Self {
            document: self.document,
            pointer: format!("{}/{}", self.pointer, token(key)),
            value: &self.value[key],
        }
    }

    pub(super) fn items(&self) -> Vec<Self> {
        let items = self.value.as_array().into_iter().flatten().enumerate();
        let node = |(index, value)| Self {
            document: self.document,
            pointer: format!("{}/{index}", self.pointer),
            value,
        };
        items.map(node).collect()
    }

    /// Its keys, with what is under each.
    pub(super) fn members(&self) -> Vec<(&'a str, Self)> {
        let members = self.value.as_object().into_iter().flatten();
        members
            .map(|(key, _)| (key.as_str(), self.key(key)))
            .collect()
    }

    pub(super) fn exists(&self) -> bool {
        !self.value.is_null()
    }

    /// The place that references lead to.
    pub(super) fn followed(&self) -> Self {
        let mut node = self.clone();
        for _ in 0..MAX_REFERENCES {
            let Some(pointer) = node.value["$ref"]
                .as_str()
                .and_then(|to| to.strip_prefix('#'))
            else {
                break;
            };
            let Some(value) = self.document.pointer(pointer) else {
                break;
            };
            node.pointer = pointer.to_owned();
            node.value = value;
        }
        node
    }
}
