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

/// Whether packed bytes were recorded as text, so that what is no UTF-8 is lost, or another character.
pub(super) fn is_spoilt(body: &[u8], headers: &HeaderMap) -> bool {
    // How gzip begins, taken for Latin-1 and for its like on Windows.
    if body.starts_with("\u{1f}\u{8b}".as_bytes()) || body.starts_with("\u{1f}\u{2039}".as_bytes())
    {
        return true;
    }
    const LOST: &[u8] = "\u{fffd}".as_bytes();
    let media_type = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let is_file = media_type.is_none_or(|value| memchr::memmem::find(value, b"json").is_none());
    let beginning = &body[..body.len().min(64)];
    (is_file || coding(headers).is_some()) && memchr::memmem::find(beginning, LOST).is_some()
}

/// The body as a client that undoes the content's coding finds it; `None` where that is one that is not read here. A
/// results file is packed by itself, and stays: one that its recorder unpacked is packed again.
pub(crate) fn unpacked(body: &Bytes, headers: &HeaderMap) -> Option<Bytes> {
    let Some(coding) = coding(headers) else {
        return Some(body.clone());
    };
    let mut plain = Vec::new();
    let text = match coding {
        Coding::Gzip if is_gzip(body) => MultiGzDecoder::new(&body[..])
            .take(MOST_UNPACKED)
            .read_to_end(&mut plain),
        Coding::Deflate if body.first() == Some(&0x78) => ZlibDecoder::new(&body[..])
            .take(MOST_UNPACKED)
            .read_to_end(&mut plain),
        Coding::Gzip => return Some(body.clone()),
        Coding::Deflate | Coding::Other => return None,
    };
    Some(text.map_or(body.clone(), |_| plain.into()))
}

/// Packs a results file again that its recorder unpacked.
pub(super) fn packed(response: &Response) -> Option<Response> {
    if coding(&response.headers) != Some(Coding::Gzip) || is_gzip(&response.body) {
        return None;
    }
    Some(Response::packed(
        response.status,
        response.headers.clone(),
        response.body.to_vec(),
    ))
}

/// A coding of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    Gzip,
    Deflate,
    /// Another one, or several.
    Other,
}

impl Coding {
    /// The coding of this name; `None` for that which changes nothing.
    pub(crate) fn of(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().as_str() {
            "" | "identity" => None,
            "gzip" | "x-gzip" => Some(Self::Gzip),
            "deflate" => Some(Self::Deflate),
            _ => Some(Self::Other),
        }
    }
}

/// The coding of the body, where it has one.
pub(crate) fn coding(headers: &HeaderMap) -> Option<Coding> {
    Coding::of(headers.get(header::CONTENT_ENCODING)?.to_str().ok()?)
}

/// How long the body is by its headers, where they say it.
pub(super) fn content_length(headers: &HeaderMap) -> Option<usize> {
    let length = headers.get(header::CONTENT_LENGTH)?;
    length.to_str().ok()?.trim().parse().ok()
}
