//! Rewrites the texts of an exchange: path, headers, bodies (packed ones, too) and what went wrong. What to
//! put in place of what is the business of those who ask: see `redaction` and `results::mask`.

use std::io::{Read, Write};

use bytes::Bytes;
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderValue};

use crate::exchange::{Exchange, Request, Response};

/// How gzip begins.
const GZIP: &[u8] = &[0x1f, 0x8b];
/// The most bytes that are unpacked of one body.
const MOST_UNPACKED: u64 = 64 << 20;

/// What is to stand in place of a text; `None` where it stays.
pub(crate) type With<'a> = dyn FnMut(&[u8]) -> Option<Vec<u8>> + 'a;

/// Rewrites what was sent and what came back. `header` stands for a header that can't hold its new value.
pub(crate) fn exchange(exchange: &mut Exchange, header: &'static str, with: &mut With<'_>) {
    request(&mut exchange.request, header, with);
    match &mut exchange.outcome {
        Ok(response) => {
            headers(&mut response.headers, header, with);
            if let Some(body) = body(&response.body, with) {
                let headers = std::mem::take(&mut response.headers);
                *response = Response::new(response.status, headers, body);
            }
        }
        Err(failure) => {
            if let Some(detail) = with(failure.detail.as_bytes()) {
                failure.detail = String::from_utf8_lossy(&detail).into_owned();
            }
        }
    }
}

fn request(request: &mut Request, header: &'static str, with: &mut With<'_>) {
    let path = with(request.destination.as_str().as_bytes());
    let path = path.map(|path| String::from_utf8_lossy(&path).into_owned().into());
    headers(&mut request.headers, header, with);
    let body = body(&request.body, with);
    if path.is_some() || body.is_some() {
        // What the request deserves is decided from its bytes, and so decided anew.
        *request = Request::new(
            request.method.clone(),
            path.unwrap_or_else(|| request.destination.clone()),
            std::mem::take(&mut request.headers),
            body.unwrap_or_else(|| request.body.clone()),
        );
    }
}

fn headers(headers: &mut HeaderMap, fallback: &'static str, with: &mut With<'_>) {
    for value in headers.values_mut() {
        if let Some(text) = with(value.as_bytes()) {
            *value = HeaderValue::from_bytes(&text).unwrap_or(HeaderValue::from_static(fallback));
        }
    }
}

/// The new body; `None` where it stays. Gzip is packed again; what could not be unpacked whole stays broken, by
/// a missing end.
fn body(body: &Bytes, with: &mut With<'_>) -> Option<Bytes> {
    if !body.starts_with(GZIP) {
        return with(body).map(Bytes::from);
    }
    let mut unpacked = Vec::new();
    let mut decoder = MultiGzDecoder::new(&body[..]).take(MOST_UNPACKED);
    let whole = decoder.read_to_end(&mut unpacked).is_ok() && decoder.limit() > 0;
    let text = with(&unpacked)?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory does not fail.
    let _ = encoder.write_all(&text);
    let mut packed = encoder.finish().unwrap_or_default();
    if !whole {
        const TRAILER: usize = 8;
        packed.truncate(packed.len().saturating_sub(TRAILER));
    }
    Some(packed.into())
}
