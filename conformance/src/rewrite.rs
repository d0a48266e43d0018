//! Rewrites the texts of an exchange: path, headers, bodies (packed ones, too) and what went wrong. What to
//! put in place of what is the business of those who ask: see `redaction` and `mask`.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};

use crate::exchange::{Exchange, Failure, Request, Response};
use crate::gzip::{self, Unpacked};

/// What is to stand in place of a text; `None` where it stays.
pub(crate) type With<'a> = dyn FnMut(&[u8]) -> Option<Vec<u8>> + 'a;

/// What is rewritten of an exchange.
pub(crate) struct Rewritten {
    request: Option<Request>,
    outcome: Option<Result<Response, Failure>>,
}

impl Rewritten {
    /// Puts it in place.
    pub(crate) fn put_into(self, exchange: &mut Exchange) {
        if let Some(request) = self.request {
            exchange.request = request;
        }
        if let Some(outcome) = self.outcome {
            exchange.outcome = outcome;
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
    (request.is_some() || outcome.is_some()).then_some(Rewritten { request, outcome })
}

fn request(request: &Request, header: &'static str, with: &mut With<'_>) -> Option<Request> {
    let path = with(request.destination.as_str().as_bytes());
    let path = path.map(|path| String::from_utf8_lossy(&path).into_owned().into());
    let headers = headers(&request.headers, header, with);
    let body = self::body(&request.body, with);
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
    let same = || headers.clone().unwrap_or_else(|| response.headers.clone());
    match response.unpacked() {
        Some(unpacked) => match with(&unpacked.text) {
            Some(text) if unpacked.is_whole() => {
                return Some(Response::packed(response.status, same(), text));
            }
            Some(text) => {
                let body = broken(&text).into();
                return Some(Response::new(response.status, same(), body));
            }
            None => {}
        },
        None => {
            if let Some(body) = with(&response.body) {
                return Some(Response::new(response.status, same(), body.into()));
            }
        }
    }
    headers.map(|headers| {
        let mut response = response.clone();
        response.headers = headers;
        response
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
