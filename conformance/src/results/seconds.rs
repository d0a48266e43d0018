//! Seconds as the reports have them.

use serde::Serializer;

/// Seconds with three decimals.
pub(super) fn milliseconds<S: Serializer>(seconds: &f64, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_f64((seconds * 1000.0).round() / 1000.0)
}
