//! What a store's response says about the file: where in it the bytes begin, how long the whole of it is, and which
//! state of it this is. What follows from that is decided in `download`.

use reqwest::header::{CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, HeaderValue};
use reqwest::{Response, StatusCode};

/// By what the states of a file are told apart. A store may leave out either.
#[derive(Default)]
pub(super) struct FileState {
    etag: Option<HeaderValue>,
    /// Bytes of the whole file.
    length: Option<u64>,
}

impl FileState {
    pub(super) fn of(response: &Response) -> Self {
        let headers = response.headers();
        Self {
            etag: headers.get(ETAG).cloned(),
            length: match response.status() {
                StatusCode::OK => headers
                    .get(CONTENT_LENGTH)
                    .and_then(|length| length.to_str().ok()?.parse().ok()),
                _ => range_and_length(headers).and_then(|(_, length)| length.parse().ok()),
            },
        }
    }

    pub(super) fn length(&self) -> Option<u64> {
        self.length
    }

    /// What the store calls this state. A weak name doesn't promise the same bytes, and is of no use in a request for
    /// a range.
    pub(super) fn strong_etag(&self) -> Option<&HeaderValue> {
        self.etag
            .as_ref()
            .filter(|etag| !etag.as_bytes().starts_with(b"W/"))
    }

    /// Whether the two may be the same state.
    pub(super) fn agrees_with(&self, later: &Self) -> bool {
        agree(self.strong_etag(), later.etag.as_ref()) && agree(self.length, later.length)
    }

    /// The same state, after a later response that may say less.
    pub(super) fn followed_by(&self, later: Self) -> Self {
        Self {
            length: later.length.or(self.length),
            ..later
        }
    }
}

fn agree<T: PartialEq>(before: Option<T>, now: Option<T>) -> bool {
    match (before, now) {
        (Some(before), Some(now)) => before == now,
        _ => true,
    }
}

/// Where the bytes of a 206 begin.
pub(super) fn range_start(response: &Response) -> Option<u64> {
    let (range, _) = range_and_length(response.headers())?;
    range.split('-').next()?.parse().ok()
}

/// The parts of `bytes 7-9/10`, or of `bytes */10` where a range lies beyond the file. The length may be `*`, too.
fn range_and_length(headers: &HeaderMap) -> Option<(&str, &str)> {
    let range = headers.get(CONTENT_RANGE)?.to_str().ok()?;
    range.strip_prefix("bytes ")?.split_once('/')
}
