//! Rewrites the texts of an exchange: path, headers, bodies (packed ones, too) and what went wrong. What to
//! put in place of what is the business of those who ask: see `redaction` and `mask`.

use std::io::{Read, Write};

use bytes::Bytes;
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderValue};

use crate::exchange::{Exchange, Failure, Request, Response};

/// How gzip begins.
const GZIP: &[u8] = &[0x1f, 0x8b];
/// The most bytes that are unpacked of one body. A little more than is read of a results file, so that one that is cut off
/// here is still seen to be too large.
const MOST_UNPACKED: u64 = 17 << 20;

/// What is to stand in place of a text; `None` where it stays.
pub(crate) type With<'a> = dyn FnMut(&[u8]) -> Option<Vec<u8>> + 'a;

/// What was sent and what came back, rewritten; `None` where all of it stays. `header` stands for a header that can't
/// hold its new value.
pub(crate) fn exchange(
    exchange: &Exchange,
    header: &'static str,
    with: &mut With<'_>,
) -> Option<Exchange> {
    let request = request(&exchange.request, header, with);
    let outcome = match &exchange.outcome {
        Ok(response) => self::response(response, header, with).map(Ok),
        Err(failure) => with(failure.detail.as_bytes()).map(|detail| {
            Err(Failure {
                detail: String::from_utf8_lossy(&detail).into_owned(),
                ..*failure
            })
        }),
    };
    (request.is_some() || outcome.is_some()).then(|| Exchange {
        request: request.unwrap_or_else(|| exchange.request.clone()),
        outcome: outcome.unwrap_or_else(|| exchange.outcome.clone()),
        ..*exchange
    })
}

fn request(request: &Request, header: &'static str, with: &mut With<'_>) -> Option<Request> {
    let path = with(request.destination.as_str().as_bytes());
    let path = path.map(|path| String::from_utf8_lossy(&path).into_owned().into());
    let headers = headers(&request.headers, header, with);
    let body = body(&request.body, with);
    (path.is_some() || headers.is_some() || body.is_some()).then(|| {
        // What the request deserves is decided from its bytes, and so decided anew.
        Request::new(
            request.method.clone(),
            path.unwrap_or_else(|| request.destination.clone()),
            headers.unwrap_or_else(|| request.headers.clone()),
            body.unwrap_or_else(|| request.body.clone()),
        )
    })
}

fn response(response: &Response, header: &'static str, with: &mut With<'_>) -> Option<Response> {
    let headers = headers(&response.headers, header, with);
    let body = body(&response.body, with);
    (headers.is_some() || body.is_some()).then(|| {
        Response::new(
            response.status,
            headers.unwrap_or_else(|| response.headers.clone()),
            body.unwrap_or_else(|| response.body.clone()),
        )
    })
}

fn headers(headers: &HeaderMap, fallback: &'static str, with: &mut With<'_>) -> Option<HeaderMap> {
    let mut rewritten: Option<HeaderMap> = None;
    for (place, value) in headers.values().enumerate() {
        if let Some(text) = with(value.as_bytes()) {
            let new = HeaderValue::from_bytes(&text).unwrap_or(HeaderValue::from_static(fallback));
            let headers = rewritten.get_or_insert_with(|| headers.clone());
            if let Some(old) = headers.values_mut().nth(place) {
                *old = new;
            }
        }
    }
    rewritten
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
