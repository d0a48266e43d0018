//! A submission as it was sent: what its headers and its bytes say, read once and not yet judged.

use std::fmt;

use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use serde_json::{Map, Value};

use crate::generated::contract;
use crate::key::Key;

/// What was asked for.
#[derive(Debug)]
pub(crate) struct Submission {
    /// How many submissions this instance has seen, this one included.
    pub(crate) number: u64,
    pub(crate) key: Key,
    /// Value of the version header, if there is one.
    pub(crate) version: Option<String>,
    /// What the body is. Unless it is an object, everything below is absent.
    pub(crate) body: Shape,
    pub(crate) identifiers: Items,
    pub(crate) fields: Items,
    /// `null` if absent; a `null` that was sent counts as absent.
    pub(crate) chunk_size: Value,
    /// `null` if absent; a `null` that was sent counts as absent.
    pub(crate) webhook_url: Value,
    /// Whether e-mails are to be verified.
    pub(crate) is_verified: bool,
    /// The keys beyond these.
    pub(crate) other_keys: Vec<String>,
    /// The body, as it came.
    pub(crate) bytes: Bytes,
    /// What was sent in place of a key that is known.
    pub(crate) unknown_token: Token,
    /// What came before it.
    pub(crate) before: Before,
}

/// What an instance has seen before a submission.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Before {
    /// Submissions that became a job.
    pub(crate) accepted: u64,
    /// Whether the submission right before it is the same to the byte.
    pub(crate) is_same: bool,
    /// Whether that one was refused.
    pub(crate) is_refused: bool,
}

/// What was sent as a key. It may be somebody's, and must not show in the output of a test.
#[derive(Default)]
pub(crate) struct Token(pub(crate) String);

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sensitive")
    }
}

/// What a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Of no bytes.
    Empty,
    /// Not JSON, or nested too deeply.
    NotJson,
    /// JSON, but no object.
    OtherJson,
    /// A JSON object.
    Object,
}

/// A list of strings, in any of the forms in which one may be sent. Items are trimmed.
#[derive(Debug, Default)]
pub(crate) struct Items {
    pub(crate) form: Form,
    pub(crate) values: Vec<String>,
}

/// The form in which a list of strings was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Form {
    /// Not at all, or as `null`.
    #[default]
    Absent,
    /// As a JSON list of strings.
    List,
    /// As one comma-separated string, whose blank items are dropped.
    Text,
    /// As something else: a list that holds other things than strings (which are then among the items as
    /// JSON), a number, an object.
    Other,
}

impl Items {
    fn read(value: Option<Value>) -> Self {
        match value {
            None | Some(Value::Null) => Self::default(),
            Some(Value::String(text)) => {
                let values = text
                    .split(',')
                    .map(str::trim)
                    .filter(|item| !item.is_empty());
                Self {
                    form: Form::Text,
                    values: values.map(str::to_owned).collect(),
                }
            }
            Some(Value::Array(list)) => {
                let strings = list.iter().all(Value::is_string);
                let values = list.into_iter().map(|item| match item {
                    Value::String(text) if text.trim().len() == text.len() => text,
                    Value::String(text) => text.trim().to_owned(),
                    other => other.to_string(),
                });
                Self {
                    form: if strings { Form::List } else { Form::Other },
                    values: values.collect(),
                }
            }
            Some(_) => Self {
                form: Form::Other,
                values: Vec::new(),
            },
        }
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.values.iter().map(String::as_str)
    }

    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    pub(crate) fn is_text(&self) -> bool {
        self.form == Form::Text
    }

    /// Whether these are the items and there is no other, in any order.
    pub(crate) fn are(&self, items: &[&str]) -> bool {
        self.len() == items.len() && items.iter().all(|item| self.has(item))
    }

    pub(crate) fn has(&self, item: &str) -> bool {
        self.iter().any(|value| value == item)
    }
}

impl Submission {
    pub(crate) fn read(headers: &HeaderMap, bytes: Bytes, known_key: &str, number: u64) -> Self {
        let key = Key::read(headers, known_key);
        let (shape, mut object) = match serde_json::from_slice(&bytes) {
            Ok(Value::Object(object)) => (Shape::Object, object),
            Ok(_) => (Shape::OtherJson, Map::new()),
            Err(_) if bytes.is_empty() => (Shape::Empty, Map::new()),
            Err(_) => (Shape::NotJson, Map::new()),
        };
        let version = headers.get(contract::header::API_VERSION);
        let unknown_token = match headers.get(header::AUTHORIZATION) {
            Some(value) if key == Key::Unknown => {
                let text = String::from_utf8_lossy(value.as_bytes());
                Token(text.rsplit(' ').next().unwrap_or_default().to_owned())
            }
            _ => Token::default(),
        };
        Self {
            number,
            key,
            version: version.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
            body: shape,
            identifiers: Items::read(object.remove(contract::submit::identifiers::KEY)),
            fields: Items::read(object.remove("fields")),
            chunk_size: object.remove("chunk_size").unwrap_or_default(),
            webhook_url: object.remove("webhook_url").unwrap_or_default(),
            is_verified: object.remove(contract::submit::VERIFIED_KEY) == Some(Value::Bool(true)),
            other_keys: object.into_iter().map(|(key, _)| key).collect(),
            bytes,
            unknown_token,
            before: Before::default(),
        }
    }

    /// The body, where it is no object.
    pub(crate) fn malformed(&self) -> Option<&[u8]> {
        (self.body != Shape::Object && !self.bytes.is_empty()).then_some(&self.bytes[..])
    }

    /// Whether this key stands more than once in the text of the body.
    pub(crate) fn repeats(&self, key: &str) -> bool {
        let text = String::from_utf8_lossy(&self.bytes);
        self.body == Shape::Object && text.matches(&format!("\"{key}\":")).count() > 1
    }

    pub(crate) fn has_other_keys(&self) -> bool {
        !self.other_keys.is_empty()
    }

    pub(crate) fn has_webhook(&self) -> bool {
        !self.webhook_url.is_null()
    }

    pub(crate) fn has_chunk_size(&self, size: u32) -> bool {
        self.chunk_size == size
    }

    /// Whether the chunk size is written as a whole number.
    pub(crate) fn has_whole_chunk_size(&self) -> bool {
        self.chunk_size.is_i64() || self.chunk_size.is_u64()
    }
}
