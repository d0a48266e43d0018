//! Rewrites the texts of an exchange: path, headers, bodies (packed ones, too) and what went wrong. What to
//! put in place of what is the business of those who ask: see `redaction` and `mask`.

use std::mem::take;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};

use crate::exchange::{Destination, Exchange, Response};
use crate::gzip::{self, Unpacked};

/// What is to stand in place of a text; `None` where it stays.
pub(crate) type With<'a> = dyn FnMut(&[u8]) -> Option<Vec<u8>> + 'a;

/// What is rewritten of an exchange; `None` for what stays.
#[derive(Default)]
pub(crate) struct Rewritten {
    destination: Option<Destination>,
    request_headers: Option<HeaderMap>,
    request_body: Option<Bytes>,
    response_headers: Option<HeaderMap>,
    response_body: Option<Body>,
    /// What went wrong.
    detail: Option<String>,
}

/// A response's new body.
enum Body {
    Plain(Vec<u8>),
    /// What is to be packed.
    Packed(Vec<u8>),
}

impl Rewritten {
    fn is_none(&self) -> bool {
        self.destination.is_none()
            && self.request_headers.is_none()
            && self.request_body.is_none()
            && self.response_headers.is_none()
            && self.response_body.is_none()
            && self.detail.is_none()
    }

    /// Puts it in place.
    pub(crate) fn put_into(self, exchange: &mut Exchange) {
        let (destination, headers, body) =
            (self.destination, self.request_headers, self.request_body);
        if destination.is_some() || headers.is_some() || body.is_some() {
            exchange.request.put(destination, headers, body);
        }
        match &mut exchange.outcome {
            Ok(response) => {
                if let Some(headers) = self.response_headers {
                    response.headers = headers;
                }
                if let Some(body) = self.response_body {
                    let (status, headers) = (response.status, take(&mut response.headers));
                    *response = match body {
                        Body::Plain(body) => Response::new(status, headers, body.into()),
                        Body::Packed(text) => Response::packed(status, headers, text),
                    };
                }
            }
            Err(failure) => {
                if let Some(detail) = self.detail {
                    failure.detail = detail;
                }
            }
        }
    }
}

/// What was sent and what came back, rewritten; `None` where all of it stays. `header` stands for a header that can't
/// hold its new value.
pub(crate) fn exchange(
    exchange: &Exchange,
    header: &'static str,
    with: &mut With<'_>,
) -> Option<Rewritten> {
    let request = &exchange.request;
    let mut rewritten = Rewritten {
        destination: with(request.destination.as_str().as_bytes()).map(|path| lossy(&path).into()),
        request_headers: headers(&request.headers, header, with),
        request_body: body(&request.body, with),
        ..Rewritten::default()
    };
    match &exchange.outcome {
        Ok(response) => {
            rewritten.response_headers = headers(&response.headers, header, with);
            rewritten.response_body = response_body(response, with);
        }
        Err(failure) => {
            rewritten.detail = with(failure.detail.as_bytes()).map(|detail| lossy(&detail));
        }
    }
    (!rewritten.is_none()).then_some(rewritten)
}

fn lossy(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

fn response_body(response: &Response, with: &mut With<'_>) -> Option<Body> {
    let Some(unpacked) = response.unpacked() else {
        return with(&response.body).map(Body::Plain);
    };
    let text = with(&unpacked.text)?;
    Some(if unpacked.is_whole() {
        Body::Packed(text)
    } else {
        Body::Plain(broken(&text))
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

/// The new body; `None` where it stays.
fn body(body: &Bytes, with: &mut With<'_>) -> Option<Bytes> {
    if !gzip::is_gzip(body) {
        return with(body).map(Bytes::from);
    }
    let unpacked = Unpacked::of(body);
    let text = with(&unpacked.text)?;
    let packed = if unpacked.is_whole() {
        gzip::packed(&text)
    } else {
        broken(&text)
    };
    Some(packed.into())
}

/// The text as gzip that lacks its end: what could not be unpacked whole stays broken.
fn broken(text: &[u8]) -> Vec<u8> {
    const TRAILER: usize = 8;
    let mut packed = gzip::packed(text);
    packed.truncate(packed.len().saturating_sub(TRAILER));
    packed
}
