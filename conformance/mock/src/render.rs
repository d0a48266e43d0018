//! How a response becomes bytes: its headers, and its body in its framing.

use std::io::{self, Write};

use axum::body::{Body, Bytes};
use axum::http::{self, HeaderMap, HeaderName, HeaderValue, header};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::{StreamExt, stream};

use crate::generated::contract;
use crate::response::{Framing, Response};

/// A date as a header has it (RFC 9110, section 5.6.7).
const HTTP_DATE: &str = "%a, %d %b %Y %H:%M:%S GMT";

impl Response {
    /// The response with this body, as it goes out to a request with these headers.
    pub(crate) fn render(self, bytes: Bytes, request: &HeaderMap) -> http::Response<Body> {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(self.content_type),
        );
        if let Some(rate) = self.rate {
            rate.write(&mut headers);
        }
        let facts = [
            (contract::header::REQUEST_ID, self.request_id),
            (
                contract::header::CREDITS_USED,
                self.credits_used.map(|credits| credits.to_string()),
            ),
            (
                header::DATE.as_str(),
                self.date.map(|date| date.format(HTTP_DATE).to_string()),
            ),
        ];
        for (name, text) in facts {
            if let Some(value) = text.and_then(|text| HeaderValue::try_from(text).ok()) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        if let Some(location) = self.location
            && let Ok(location) = HeaderValue::try_from(location)
        {
            headers.insert(header::LOCATION, location);
        }
        let body = match self.framing {
            Framing::Whole => Body::from(bytes),
            Framing::Chunked => {
                Body::from_stream(stream::iter(halves(bytes).map(Ok::<_, io::Error>)))
            }
            Framing::Gzip if accepts_gzip(request) => {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                Body::from(gzip(&bytes))
            }
            Framing::Gzip => Body::from(bytes),
            Framing::Close => {
                headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
                Body::from(bytes)
            }
            // The head waits for the body, and is given up with it.
            Framing::Dropped => Body::from_stream(stream::iter([Err::<Bytes, _>(cut())])),
            Framing::Truncated => {
                headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
                let [first, _] = halves(bytes);
                // The pause lets the first half go out before the connection is given up.
                Body::from_stream(stream::iter([Ok(first), Err(cut())]).then(async |part| {
                    tokio::task::yield_now().await;
                    part
                }))
            }
        };
        let mut response = http::Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = headers;
        response
    }
}

fn cut() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "cut off on purpose")
}

/// Gzip of `bytes`.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory has no way to fail.
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .unwrap_or_default()
}

fn halves(bytes: Bytes) -> [Bytes; 2] {
    let middle = bytes.len() / 2;
    [bytes.slice(..middle), bytes.slice(middle..)]
}

/// A request without `Accept-Encoding` accepts every coding (RFC 9110, section 12.5.3).
fn accepts_gzip(request: &HeaderMap) -> bool {
    request
        .get(header::ACCEPT_ENCODING)
        .is_none_or(|value| value.as_bytes().windows(4).any(|part| part == b"gzip"))
}
