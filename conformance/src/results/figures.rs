//! Figures as the reports have them.

use serde::Serializer;

/// Seconds with three decimals.
pub(super) fn milliseconds<S: Serializer>(seconds: &f64, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_f64((seconds * 1000.0).round() / 1000.0)
}

/// So many of something, such as `1 job` and `2 jobs`.
pub(super) fn counted(count: u64, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}
