//! What a store's response says about the file: where in it the bytes begin, how long the whole of it is, and which
//! state of it this is. What follows from that is decided in `download`.

use reqwest::header::{CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, HeaderValue};
use reqwest::{Response, StatusCode};

/// By what the states of a file are told apart. A store may leave out either.
#[derive(Default, PartialEq)]
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

    /// What the store calls this state, if that promises the same bytes wherever it calls them so: a weak name doesn't.
    /// Without a length, the bytes may not be the store's own, since an HTTP client that unpacks has none to tell.
    pub(super) fn name(&self) -> Option<&HeaderValue> {
        self.length?;
        self.etag
            .as_ref()
            .filter(|etag| etag.as_bytes().starts_with(b"\""))
    }

    /// Whether the two are certainly the same state.
    pub(super) fn is_surely(&self, later: &Self) -> bool {
        self.name().is_some() && self == later
    }
}

/// Where the bytes of a 206 begin.
pub(super) fn range_start(response: &Response) -> Option<u64> {
    let (range, _) = range_and_length(response.headers())?;
    range.split('-').next()?.parse().ok()
}

/// The parts of `bytes 7-9/10`. The length may be `*`, too.
fn range_and_length(headers: &HeaderMap) -> Option<(&str, &str)> {
    let range = headers.get(CONTENT_RANGE)?.to_str().ok()?;
    range.strip_prefix("bytes ")?.split_once('/')
}
