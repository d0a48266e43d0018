//! An exchange as somebody else met it: a whole address, any headers, a time of day. What of it is this API's, and in
//! which order it is judged, is not decided here.

use bytes::Bytes;
use http::{HeaderMap, Method};

use crate::exchange::{Failure, Response};

/// An exchange as it was met.
#[derive(Debug)]
pub(crate) struct Met {
    pub(crate) place: Place,
    /// When the request was sent, in microseconds since 1970.
    pub(crate) sent: i64,
    /// From then to the last byte of the response, in microseconds.
    pub(crate) took: u64,
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) outcome: Result<Response, Failure>,
}

/// Where an exchange stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// Number of the file, from 0.
    pub(crate) file: u16,
    /// Number of the exchange in it, from 0.
    pub(crate) entry: u32,
}

impl Met {
    /// About how many bytes it takes.
    pub(crate) fn weight(&self) -> usize {
        const BASE: usize = 600;
        const HEADER: usize = 200;
        let response = self.outcome.as_ref();
        let (headers, body) = response.map_or((0, 0), |r| (r.headers.len(), r.body.len()));
        let headers = HEADER * (self.headers.len() + headers);
        BASE + headers + self.url.len() + self.body.len() + body
    }
}
