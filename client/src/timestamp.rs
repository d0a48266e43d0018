//! A point in time as the server wrote it.

use std::fmt;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, FixedOffset};
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

    /// The time, if the text is RFC 3339, and if `SystemTime` can hold it: on Windows it begins in 1601.
    pub fn to_system_time(&self) -> Option<SystemTime> {
        system_time(DateTime::parse_from_rfc3339(&self.0).ok()?)
    }
}

/// A date as the system has it, unless it can't hold it: the library's own conversion panics there.
pub(crate) fn system_time(date: DateTime<FixedOffset>) -> Option<SystemTime> {
    let seconds = Duration::from_secs(date.timestamp().unsigned_abs());
    let second = match date.timestamp() {
        0.. => SystemTime::UNIX_EPOCH.checked_add(seconds),
        _ => SystemTime::UNIX_EPOCH.checked_sub(seconds),
    };
    // Counted forward from the second, before 1970 too.
    second?.checked_add(Duration::from_nanos(date.timestamp_subsec_nanos().into()))
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
