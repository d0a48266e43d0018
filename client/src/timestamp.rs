//! A point in time as the server wrote it.

use std::fmt;
use std::time::SystemTime;

use chrono::DateTime;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A point in time, RFC 3339 with an offset by the documentation, kept as the server wrote it.
///
/// It is parsed only when somebody asks, so that an odd date never makes a job unreadable, and so that the date
/// library is the caller's choice.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Timestamp(String);

impl Timestamp {
    /// The text, for the date library of your choice.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The time, if the text is RFC 3339.
    pub fn to_system_time(&self) -> Option<SystemTime> {
        DateTime::parse_from_rfc3339(&self.0).ok().map(Into::into)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
