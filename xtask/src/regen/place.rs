//! One place in the document: what stands there, as the type that is wanted, or an error that names the
//! place, what should stand there and who needs it.

use serde_json::{Map, Value};

use super::error::Error;
use crate::pointer::token;

/// More references in a row than a document has that people write: beyond it they lead in a circle.
const MAX_REFERENCES: usize = 20;

/// A place in the document, named by a JSON pointer. References on the way to it are followed when it is read.
#[derive(Clone)]
pub(super) struct Place<'a> {
    document: &'a Value,
    pointer: String,
}

impl<'a> Place<'a> {
    /// The place that `pointer` leads to. Nothing is looked up yet.
    pub(super) fn new(document: &'a Value, pointer: &str) -> Self {
        Self {
            document,
            pointer: pointer.to_owned(),
        }
    }

    /// The place of a key, or of an item by its index, below this one.
    pub(super) fn key(&self, key: &str) -> Self {
        self.below(&token(key))
    }

    /// The place that a JSON pointer without its first slash leads to from this one.
    pub(super) fn below(&self, pointer: &str) -> Self {
        Self::new(self.document, &format!("{}/{pointer}", self.pointer))
    }

    /// The key that leads to this place from the one above it.
    pub(super) fn last_key(&self) -> String {
        let (_, token) = self.pointer.rsplit_once('/').unwrap_or_default();
        token.replace("~1", "/").replace("~0", "~")
    }

    /// The JSON pointer to this place, as it stands in a URL.
    pub(super) fn fragment(&self) -> String {
        format!("#{}", self.pointer)
    }

    /// The alternative of a `oneOf` with this `type`.
    pub(super) fn alternative(&self, kind: &str, need: &str) -> Result<Self, Error> {
        let alternatives = self.key("oneOf");
        let mut all = alternatives.list(need)?.iter();
        match all.position(|alternative| alternative["type"] == kind) {
            Some(index) => Ok(alternatives.key(&index.to_string())),
            None => {
                let expected = format!("an alternative with `type: {kind}`");
                Err(alternatives.unfit("lacks an alternative", expected, need))
            }
        }
    }

    /// Whether something stands there.
    pub(super) fn exists(&self) -> bool {
        self.look_up().is_ok()
    }

    /// Whatever stands there.
    pub(super) fn value(&self, need: &str) -> Result<&'a Value, Error> {
        self.read("a value", need, Some)
    }

    /// The text there.
    pub(super) fn text(&self, need: &str) -> Result<&'a str, Error> {
        self.read("a text", need, Value::as_str)
    }

    /// The whole number there.
    pub(super) fn number(&self, need: &str) -> Result<u32, Error> {
        self.read("a whole number from 0 to 4294967295", need, |value| {
            value.as_u64()?.try_into().ok()
        })
    }

    /// The number there, which may be a fraction; not a negative one.
    pub(super) fn fraction(&self, need: &str) -> Result<f64, Error> {
        self.read("a number that is not negative", need, |value| {
            value.as_f64().filter(|number| *number >= 0.0)
        })
    }

    /// The list there.
    pub(super) fn list(&self, need: &str) -> Result<&'a [Value], Error> {
        self.read("a list", need, |value| value.as_array().map(Vec::as_slice))
    }

    /// The list of texts there: not empty, and without repetition.
    pub(super) fn texts(&self, need: &str) -> Result<Vec<&'a str>, Error> {
        self.read("a list of one or more different texts", need, |value| {
            let texts: Vec<_> = value
                .as_array()?
                .iter()
                .map(Value::as_str)
                .collect::<Option<_>>()?;
            let is_new = |(index, text): (usize, &&str)| !texts[..index].contains(text);
            (!texts.is_empty() && texts.iter().enumerate().all(is_new)).then_some(texts)
        })
    }

    /// The mapping there.
    pub(super) fn object(&self, need: &str) -> Result<&'a Map<String, Value>, Error> {
        self.read("a mapping", need, Value::as_object)
    }

    /// An error about this place.
    pub(super) fn unfit(
        &self,
        problem: impl ToString,
        expected: impl ToString,
        need: impl ToString,
    ) -> Error {
        Error::Document {
            place: self.fragment(),
            problem: problem.to_string(),
            expected: expected.to_string(),
            need: need.to_string(),
        }
    }

    fn read<T>(
        &self,
        expected: &str,
        need: &str,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<T, Error> {
        match self.look_up() {
            Ok((place, value)) => {
                read(value).ok_or_else(|| place.unfit(format!("is unfit: {value}"), expected, need))
            }
            Err((missing, rest)) if rest.is_empty() => {
                Err(missing.unfit("is missing", expected, need))
            }
            Err((missing, rest)) => {
                let expected = format!("something with {rest}, {expected}");
                Err(missing.unfit("is missing", expected, need))
            }
        }
    }

    /// Walks to the place. Gives it without references on the way, and what stands there; or, on failure, the
    /// first place on the way at which nothing stands, and the rest of the way as a pointer from there.
    fn look_up(&self) -> Result<(Self, &'a Value), (Self, String)> {
        let mut place = Self::new(self.document, "");
        let mut value = self.document;
        let mut rest = self.pointer.as_str();
        while let Some((_, way)) = rest.split_once('/') {
            let token = way.split('/').next().unwrap_or_default();
            rest = &way[token.len()..];
            place.pointer = format!("{}/{token}", place.pointer);
            let step = place.step_from(value).and_then(|value| place.follow(value));
            (place, value) = step.map_err(|missing| (missing, rest.to_owned()))?;
        }
        Ok((place, value))
    }

    /// What the last token of the place leads to, from the value above it.
    fn step_from(&self, parent: &'a Value) -> Result<&'a Value, Self> {
        let key = self.last_key();
        let child = match parent {
            Value::Array(items) => key.parse().ok().and_then(|index: usize| items.get(index)),
            _ => parent.get(&key),
        };
        child.ok_or_else(|| self.clone())
    }

    /// Follows references until something else comes. One that leads nowhere is a missing place, and so is one
    /// that leads back to itself.
    fn follow(&self, value: &'a Value) -> Result<(Self, &'a Value), Self> {
        let mut found = (self.clone(), value);
        for _ in 0..MAX_REFERENCES {
            let Some(reference) = found.1["$ref"].as_str() else {
                return Ok(found);
            };
            let place = Self::new(self.document, reference.trim_start_matches('#'));
            let value = self
                .document
                .pointer(&place.pointer)
                .ok_or_else(|| place.clone())?;
            found = (place, value);
        }
        Err(found.0)
    }
}
