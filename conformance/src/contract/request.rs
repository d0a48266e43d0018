//! What a request says: where it goes, the operation it calls, its credential, its version, and the values of a
//! submission. What it deserves is decided in `expectation`.

use std::fmt;
use std::ops::Range;

use http::{HeaderMap, Method, header};
use serde_json::{Map, Value};

use crate::generated::contract::{self, API_VERSION, account, list, submit, usage};

/// What stands in a recorded request where the key was sent; a shell puts the key back in its place.
pub const KEY_PLACEHOLDER: &str = "$CRUSTDATA_API_KEY";

/// What stands in a request whose body a recording of others lacks: nothing is said of it.
pub const UNRECORDED_BODY: &str = "$UNRECORDED";

/// Where a request goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// To the API, below the base URL of the target.
    Api {
        /// Begins with `/`.
        path_and_query: String,
    },
    /// To an address outside the API, as it was given: that of a results file, or of a webhook. It is kept to
    /// the byte, since a link that is no URL is a server's fault, and one that is must be found again.
    Outside(String),
}

impl Destination {
    /// As it stands in a recording: a path, or an address.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Api { path_and_query } => path_and_query,
            Self::Outside(address) => address,
        }
    }
}

impl From<String> for Destination {
    /// Reads what [`Destination::as_str`] gives.
    fn from(text: String) -> Self {
        if text.starts_with('/') {
            Self::Api {
                path_and_query: text,
            }
        } else {
            Self::Outside(text)
        }
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An operation of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation<'a> {
    /// Submit a job.
    Submit,
    /// Read the status of the job with this id, as it stands in the path.
    Job(&'a str),
    /// List the account's jobs.
    List,
    /// Read the account's balance.
    Credits,
    /// List what the account may call.
    Endpoints,
    /// List what requests of the account's team were charged.
    Events,
    /// Read the usage event of the request with this id, as it stands in the path.
    Event(&'a str),
    /// Fetch a results file from the address that a download link gives.
    Download(&'a str),
    /// The webhook delivery that says that a job is over: a request of the server, to this address.
    Delivery(&'a str),
    /// Anything else.
    Other,
}

impl<'a> Operation<'a> {
    /// The operation that a request with this method and destination calls.
    pub fn of(method: &Method, destination: &'a Destination) -> Self {
        match destination {
            Destination::Api { path_and_query } => Self::of_the_api(method, path_and_query),
            Destination::Outside(address) => match *method {
                Method::GET => Self::Download(address),
                Method::POST => Self::Delivery(address),
                _ => Self::Other,
            },
        }
    }

    /// The operation that a request to the API with this method and path calls.
    pub(crate) fn of_the_api(method: &Method, path_and_query: &'a str) -> Self {
        let path = path_and_query.split('?').next().unwrap_or_default();
        if *method == Method::POST && path == submit::PATH {
            return Self::Submit;
        }
        if *method != Method::GET {
            return Self::Other;
        }
        match path {
            account::credits::PATH => return Self::Credits,
            account::endpoints::PATH => return Self::Endpoints,
            usage::PATH => return Self::Events,
            _ => {}
        }
        if path == list::PATH {
            Self::List
        } else if let Some(id) = below(path, usage::PATH) {
            Self::Event(id)
        } else if let Some(id) = below(path, list::PATH) {
            Self::Job(id)
        } else {
            Self::Other
        }
    }

    /// The same without what it names, and where that stands in the destination.
    pub(crate) fn apart(self) -> (Operation<'static>, Range<usize>) {
        let below = |parent: &str, id: &str| parent.len() + 1..parent.len() + 1 + id.len();
        match self {
            Self::Submit => (Operation::Submit, 0..0),
            Self::Job(id) => (Operation::Job(""), below(list::PATH, id)),
            Self::List => (Operation::List, 0..0),
            Self::Credits => (Operation::Credits, 0..0),
            Self::Endpoints => (Operation::Endpoints, 0..0),
            Self::Events => (Operation::Events, 0..0),
            Self::Event(id) => (Operation::Event(""), below(usage::PATH, id)),
            Self::Download(address) => (Operation::Download(""), 0..address.len()),
            Self::Delivery(address) => (Operation::Delivery(""), 0..address.len()),
            Self::Other => (Operation::Other, 0..0),
        }
    }

    /// The same, naming this.
    pub(crate) fn naming(self, text: &'a str) -> Self {
        match self {
            Self::Job(_) => Self::Job(text),
            Self::Event(_) => Self::Event(text),
            Self::Download(_) => Self::Download(text),
            Self::Delivery(_) => Self::Delivery(text),
            other => other,
        }
    }

    /// Whether it reads the account, which costs nothing and makes no job. A server may lack these paths.
    pub fn is_account(self) -> bool {
        matches!(
            self,
            Self::Credits | Self::Endpoints | Self::Events | Self::Event(_)
        )
    }
}

/// The one segment of `path` below `parent`.
fn below<'a>(path: &'a str, parent: &str) -> Option<&'a str> {
    let id = path.strip_prefix(parent)?.strip_prefix('/')?;
    (!id.is_empty() && !id.contains('/')).then_some(id)
}

/// The value of a parameter in the query of a path, as it stands there.
pub(crate) fn query_value<'a>(path: &'a str, name: &str) -> Option<&'a str> {
    let (_, query) = path.split_once('?')?;
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// Whose credential a request carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// The key that the run was given.
    Configured,
    /// A bearer token that is not that key.
    UnknownKey,
    /// None.
    Absent,
    /// Something else, on which the contract is silent.
    Other,
}

impl Credential {
    /// Whether no server may take it.
    pub fn is_invalid(self) -> bool {
        matches!(self, Self::UnknownKey | Self::Absent)
    }

    /// Reads the `Authorization` header of a recorded request.
    pub fn of(headers: &HeaderMap) -> Self {
        let Some(value) = headers.get(header::AUTHORIZATION) else {
            return Self::Absent;
        };
        match value.to_str().ok().and_then(|v| v.strip_prefix("Bearer ")) {
            Some(KEY_PLACEHOLDER) => Self::Configured,
            // More blanks than one are open, whatever comes after them.
            Some(token) if !token.is_empty() && !token.starts_with(' ') => Self::UnknownKey,
            _ => Self::Other,
        }
    }
}

/// Which version of the API a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// The one that the document describes.
    Current,
    /// Another one.
    Other,
    /// None.
    Absent,
}

impl Version {
    /// Reads the version header of a request.
    pub fn of(headers: &HeaderMap) -> Self {
        match headers.get(contract::header::API_VERSION) {
            None => Self::Absent,
            Some(value) if value == API_VERSION => Self::Current,
            Some(_) => Self::Other,
        }
    }
}

/// A value that may come as a list or as one comma-separated string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Items<'a> {
    /// Whether it came as a string.
    pub as_string: bool,
    /// The items as they stand; those of a string cut at the commas, nothing trimmed.
    pub items: Vec<&'a str>,
}

impl<'a> Items<'a> {
    /// Reads either form; `None` for anything else, also for a list that holds more than strings.
    pub fn of(value: &'a Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(Self {
                as_string: true,
                items: if text.is_empty() {
                    Vec::new()
                } else {
                    text.split(',').collect()
                },
            }),
            Value::Array(values) => Some(Self {
                as_string: false,
                items: values.iter().map(Value::as_str).collect::<Option<_>>()?,
            }),
            _ => None,
        }
    }
}

/// What a request body is, before its keys are looked at.
#[derive(Debug, PartialEq)]
pub enum Body {
    /// A JSON object.
    Object(Map<String, Value>),
    /// Not a JSON object, or not JSON at all.
    Malformed,
    /// JSON that this suite can't hold, such as a number beyond what a double holds, or that a lenient parser may take,
    /// such as one with a byte order mark: nothing is said of it.
    Unreadable,
}

/// Whether a body begins like JSON in an encoding that some parsers take beside UTF-8 without a mark.
fn is_encoded_otherwise(bytes: &[u8]) -> bool {
    let marked = bytes.starts_with(b"\xef\xbb\xbf")
        || bytes.starts_with(b"\xff\xfe")
        || bytes.starts_with(b"\xfe\xff");
    let wide = matches!(bytes, [0, other, ..] | [other, 0, ..] if other.is_ascii_graphic());
    marked || wide
}

impl Body {
    /// Reads a body.
    pub fn of(bytes: &[u8]) -> Self {
        match serde_json::from_slice(bytes) {
            Ok(Value::Object(object)) => Self::Object(object),
            Ok(_) => Self::Malformed,
            Err(_) if bytes == UNRECORDED_BODY.as_bytes() => Self::Unreadable,
            // Skips values without storing them, so only what is truly not JSON fails here.
            Err(_) if serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok() => {
                Self::Unreadable
            }
            Err(_) if is_encoded_otherwise(bytes) => Self::Unreadable,
            Err(_) => Self::Malformed,
        }
    }
}
