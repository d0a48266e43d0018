//! Bodies as recorders write them: whole or not, packed or not, spoilt. What else an entry says is read in `har`.

use std::io::Read;

use bytes::Bytes;
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use http::{HeaderMap, HeaderValue, header};

use crate::exchange::Response;
use crate::gzip::{Unpacked, is_gzip};

/// The most bytes that are unpacked of one body.
const MOST_UNPACKED: u64 = 16 << 20;

/// Whether a body that is shorter than the recording says is all there nevertheless: recorders count differently.
pub(super) fn is_whole(body: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok()
        || is_gzip(body) && Unpacked::of(body).damage().is_none()
}

/// Whether packed bytes were recorded as text, so that what is no UTF-8 is lost.
pub(super) fn is_spoilt(body: &[u8], headers: &HeaderMap) -> bool {
    const LOST: &[u8] = "\u{fffd}".as_bytes();
    let media_type = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let is_file = media_type.is_none_or(|value| memchr::memmem::find(value, b"json").is_none());
    let beginning = &body[..body.len().min(64)];
    (is_file || coding(headers).is_some()) && memchr::memmem::find(beginning, LOST).is_some()
}

/// The body as a client that undoes the content's coding finds it. A results file is packed by itself, and stays: one
/// that its recorder unpacked is packed again.
pub(crate) fn unpacked(body: Bytes, headers: &HeaderMap) -> Bytes {
    let Some(coding) = coding(headers) else {
        return body;
    };
    let mut plain = Vec::new();
    let text = match coding {
        "gzip" if is_gzip(&body) => MultiGzDecoder::new(&body[..])
            .take(MOST_UNPACKED)
            .read_to_end(&mut plain),
        "deflate" if body.first() == Some(&0x78) => ZlibDecoder::new(&body[..])
            .take(MOST_UNPACKED)
            .read_to_end(&mut plain),
        _ => return body,
    };
    text.map_or(body, |_| plain.into())
}

/// Packs a results file again that its recorder unpacked.
pub(super) fn packed(response: &Response) -> Option<Response> {
    if coding(&response.headers) != Some("gzip") || is_gzip(&response.body) {
        return None;
    }
    Some(Response::packed(
        response.status,
        response.headers.clone(),
        response.body.to_vec(),
    ))
}

/// The coding of the body, where it has one.
pub(super) fn coding(headers: &HeaderMap) -> Option<&str> {
    let coding = headers.get(header::CONTENT_ENCODING)?.to_str().ok()?.trim();
    (!coding.is_empty() && !coding.eq_ignore_ascii_case("identity")).then_some(coding)
}

/// How long the body is by its headers.
pub(super) fn content_length(headers: &HeaderMap) -> usize {
    let length = headers.get(header::CONTENT_LENGTH);
    let length = length.and_then(|value| value.to_str().ok()?.trim().parse().ok());
    length.unwrap_or_default()
}
