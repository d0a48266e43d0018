//! A point in time as the server wrote it.

use std::fmt;
use std::time::{Duration, SystemTime};

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

    /// The time, if the text is RFC 3339, and the system can express it.
    pub fn to_system_time(&self) -> Option<SystemTime> {
        let time = DateTime::parse_from_rfc3339(&self.0).ok()?;
        let seconds = Duration::from_secs(time.timestamp().unsigned_abs());
        // On Windows there is nothing before 1601, where the year 1 may stand for no time.
        let second = match time.timestamp() {
            0.. => SystemTime::UNIX_EPOCH.checked_add(seconds),
            _ => SystemTime::UNIX_EPOCH.checked_sub(seconds),
        };
        second?.checked_add(Duration::from_nanos(time.timestamp_subsec_nanos().into()))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
