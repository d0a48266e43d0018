//! What a response's headers say of the rate of requests.

use http::HeaderMap;

use crate::generated::contract::header;

/// What is longer is no window in seconds but, as some write it, a point in time: the contract leaves that open.
const LONGEST_WINDOW: u64 = 24 * 60 * 60;

/// Seconds until the window has room again, where the server says so.
pub(crate) fn reset(headers: &HeaderMap) -> Option<u64> {
    number(headers, header::RATE_LIMIT_RESET).filter(|seconds| *seconds <= LONGEST_WINDOW)
}

/// A header that is a whole number, not below zero.
pub(crate) fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}
