//! The OpenAPI document: loading it, and reaching into it by place, so that whatever is missing or unfit is
//! reported with a JSON pointer, what should stand there, and who needs it.

use std::fs;
use std::path::Path;

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::error::Error;

/// Path of the document below the workspace root.
pub(super) const DOCUMENT: &str = "openapi/crustdata-batch.yaml";

/// The document, read but not yet understood.
pub(super) struct Document {
    value: Value,
    examples: IndexMap<String, IndexMap<String, Value>>,
}

impl Document {
    /// Reads the document of the workspace at `root`.
    pub(super) fn load(root: &Path) -> Result<Self, Error> {
        let path = root.join(DOCUMENT);
        let text = fs::read_to_string(&path).map_err(|source| Error::File {
            action: "read",
            path,
            source,
        })?;
        let value = parse(&text)?;
        let Examples { components } = parse(&text)?;
        let examples = components
            .examples
            .into_iter()
            .map(|(name, example)| (name, example.value))
            .collect();
        Ok(Self { value, examples })
    }

    /// The whole document.
    pub(super) fn value(&self) -> &Value {
        &self.value
    }

    /// The place that a JSON pointer such as `/components/schemas/ChunkSize` leads to. Nothing is looked up yet.
    pub(super) fn at(&self, pointer: &str) -> Place<'_> {
        Place {
            document: self,
            pointer: pointer.to_owned(),
        }
    }

    /// A schema by its name.
    pub(super) fn schema(&self, name: &str) -> Place<'_> {
        self.at("/components/schemas").key(name)
    }

    /// The operation with this `operationId`, and its path.
    pub(super) fn operation(&self, id: &str) -> Result<(&str, Place<'_>), Error> {
        let paths = self.at("/paths");
        for (path, item) in paths.object("the paths of the API")? {
            for (method, operation) in item.as_object().into_iter().flatten() {
                if operation["operationId"] == id {
                    return Ok((path, paths.key(path).key(method)));
                }
            }
        }
        Err(paths.unfit(
            format!("no operation has the operationId `{id}`"),
            "client, mock and suite are built on this operation",
        ))
    }

    /// The value of a named example as JSON, its keys in the document's order.
    pub(super) fn example(&self, name: &str, need: &str) -> Result<String, Error> {
        let place = self.at("/components/examples").key(name).key("value");
        let example = self
            .examples
            .get(name)
            .ok_or_else(|| place.unfit("is missing", need))?;
        serde_json::to_string(example).map_err(|error| place.unfit(error, need))
    }
}

/// The part of the document where the order of keys matters: examples are shown to people.
#[derive(Deserialize)]
struct Examples {
    components: ExampleComponents,
}

#[derive(Deserialize)]
struct ExampleComponents {
    examples: IndexMap<String, Example>,
}

#[derive(Deserialize)]
struct Example {
    value: IndexMap<String, Value>,
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_saphyr::from_str(text).map_err(|error| {
        let (line, column) = error
            .location()
            .map_or((1, 1), |location| (location.line(), location.column()));
        Error::Syntax {
            line,
            column,
            problem: error.without_snippet().to_string(),
        }
    })
}

/// A place in the document. References on the way to it are followed.
#[derive(Clone)]
pub(super) struct Place<'a> {
    document: &'a Document,
    pointer: String,
}

impl<'a> Place<'a> {
    /// The place of a key, or of an item by its index, below this one.
    pub(super) fn key(&self, key: &str) -> Self {
        let key = key.replace('~', "~0").replace('/', "~1");
        Self {
            document: self.document,
            pointer: format!("{}/{key}", self.pointer),
        }
    }

    /// The alternative of a `oneOf` that has this `type`.
    pub(super) fn alternative(&self, kind: &str, need: &str) -> Result<Self, Error> {
        let alternatives = self.key("oneOf");
        let index = alternatives
            .list(need)?
            .iter()
            .position(|alternative| alternative["type"] == kind);
        match index {
            Some(index) => Ok(alternatives.key(&index.to_string())),
            None => Err(alternatives.unfit(format!("no alternative has `type: {kind}`"), need)),
        }
    }

    /// Whether something stands there.
    pub(super) fn exists(&self) -> bool {
        self.look_up().is_ok()
    }

    /// What stands there. `need` says who needs it and is part of the error.
    pub(super) fn value(&self, need: &str) -> Result<&'a Value, Error> {
        self.look_up()
            .map_err(|missing| missing.unfit("is missing", need))
    }

    /// The text there.
    pub(super) fn text(&self, need: &str) -> Result<&'a str, Error> {
        self.typed(need, "a text", Value::as_str)
    }

    /// The whole number there, 0 or above.
    pub(super) fn number(&self, need: &str) -> Result<u64, Error> {
        self.typed(need, "a whole number, 0 or above", Value::as_u64)
    }

    /// The list there.
    pub(super) fn list(&self, need: &str) -> Result<&'a [Value], Error> {
        self.typed(need, "a list", |value| value.as_array().map(Vec::as_slice))
    }

    /// The list of texts there.
    pub(super) fn texts(&self, need: &str) -> Result<Vec<&'a str>, Error> {
        self.typed(need, "a list of texts", |value| {
            value.as_array()?.iter().map(Value::as_str).collect()
        })
    }

    /// The mapping there.
    pub(super) fn object(&self, need: &str) -> Result<&'a Map<String, Value>, Error> {
        self.typed(need, "a mapping", Value::as_object)
    }

    /// An error about this place.
    pub(super) fn unfit(&self, problem: impl ToString, need: &str) -> Error {
        Error::Document {
            place: format!("#{}", self.pointer),
            problem: problem.to_string(),
            reason: format!("needed for: {need}"),
        }
    }

    fn typed<T>(
        &self,
        need: &str,
        kind: &str,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<T, Error> {
        let value = self.value(need)?;
        read(value).ok_or_else(|| self.unfit(format!("should be {kind}, is {value}"), need))
    }

    /// Walks to the place. On failure gives the first place on the way at which nothing stands.
    fn look_up(&self) -> Result<&'a Value, Self> {
        let mut place = self.document.at("");
        let mut value = &self.document.value;
        for token in self.pointer.split('/').skip(1) {
            place.pointer = format!("{}/{token}", place.pointer);
            let key = token.replace("~1", "/").replace("~0", "~");
            let child = match value {
                Value::Array(items) => key.parse().ok().and_then(|index: usize| items.get(index)),
                _ => value.get(&key),
            };
            value = child.ok_or_else(|| place.clone())?;
            while let Some(reference) = value["$ref"].as_str() {
                place = self.document.at(reference.trim_start_matches('#'));
                value = self
                    .document
                    .value
                    .pointer(&place.pointer)
                    .ok_or_else(|| place.clone())?;
            }
        }
        Ok(value)
    }
}
