//! Masks what could name a person, e-mail addresses and phone numbers, in recorded exchanges. The key is masked
//! before: see `runner/transport.rs`.
//!
//! It happens before anything is judged, so that whatever quotes an exchange is clean, and so that a recording,
//! read back, is judged exactly as the run was. A value is replaced by another of the same type, the same one
//! wherever it occurs: what differed still differs, what was equal still is. Everything else keeps its bytes.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{Read, Write};
use std::sync::LazyLock;

use bytes::Bytes;
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderValue};
use regex::bytes::{Captures, Regex};

use crate::exchange::{Exchange, Request, Response};

/// What stands where an e-mail address stood is in this domain, which nobody can own (RFC 2606).
const DOMAIN: &str = "masked.invalid";
/// How gzip begins.
const GZIP: &[u8] = &[0x1f, 0x8b];
/// The most bytes that are unpacked of one body.
const MOST_UNPACKED: u64 = 64 << 20;

/// Something with an `@` in it, up to the end of the text where that comes first: excerpts are cut anywhere.
static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?-u)[A-Za-z0-9_.+%'\-\x80-\xff]+(?:@|%40|\\u0040)[A-Za-z0-9.\-\x80-\xff]*[A-Za-z0-9\x80-\xff]",
    )
});
/// A JSON member whose key speaks of phones: a string, a number, or a list or object without further nesting.
static PHONE_MEMBER: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r#"(?-u)("[A-Za-z0-9_. -]*(?i:phone)[A-Za-z0-9_. -]*"\s*:\s*)(\[[^\[\]]*|\{[^{}\[\]]*|"(?:[^"\\]|\\.)*|[0-9]+)"#,
    )
});
/// The strings and the long numbers of such a member.
static PHONE_VALUE: LazyLock<Regex> =
    LazyLock::new(|| regex(r#"(?-u)"(?:[^"\\]|\\.)*"?|[0-9]{5,}"#));
/// A phone number in running text: in the international form, or the American one.
static PHONE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?-u)\B\+[0-9](?:[ ().-]{0,2}[0-9]){6,14}|\([0-9]{3}\) ?[0-9]{3}[ .-][0-9]{4}\b|\b[0-9]{3}[ .-][0-9]{3}[ .-][0-9]{4}\b",
    )
});

#[allow(clippy::expect_used)]
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the patterns of this file are valid")
}

/// The values that were met so far, each with its number: the same value is masked alike throughout.
#[derive(Default)]
pub(super) struct Mask {
    emails: HashMap<Vec<u8>, usize>,
    phones: HashMap<Vec<u8>, usize>,
}

impl Mask {
    /// Masks what was sent and what came back.
    pub(super) fn exchange(&mut self, exchange: &mut Exchange) {
        self.request(&mut exchange.request);
        match &mut exchange.outcome {
            Ok(response) => self.response(response),
            Err(failure) => failure.detail = self.line(&failure.detail),
        }
    }

    /// Masks a text.
    pub(super) fn line(&mut self, text: &str) -> String {
        String::from_utf8_lossy(&self.text(text.as_bytes())).into_owned()
    }

    fn request(&mut self, request: &mut Request) {
        let path = match self.text(request.path.as_bytes()) {
            Cow::Owned(path) => Some(String::from_utf8_lossy(&path).into_owned()),
            Cow::Borrowed(_) => None,
        };
        let body = self.body(&request.body);
        self.headers(&mut request.headers);
        if path.is_some() || body.is_some() {
            *request = Request::new(
                request.method.clone(),
                path.unwrap_or_else(|| request.path.clone()),
                std::mem::take(&mut request.headers),
                body.unwrap_or_else(|| request.body.clone()),
            );
        }
    }

    fn response(&mut self, response: &mut Response) {
        self.headers(&mut response.headers);
        if let Some(body) = self.body(&response.body) {
            let headers = std::mem::take(&mut response.headers);
            *response = Response::new(response.status, headers, body);
        }
    }

    fn headers(&mut self, headers: &mut HeaderMap) {
        for value in headers.values_mut() {
            if let Cow::Owned(masked) = self.text(value.as_bytes()) {
                *value =
                    HeaderValue::from_bytes(&masked).unwrap_or(HeaderValue::from_static(DOMAIN));
            }
        }
    }

    /// The masked body; `None` where there is nothing to mask. Gzip is packed again; what could not be unpacked
    /// whole stays broken, by a missing end.
    fn body(&mut self, body: &Bytes) -> Option<Bytes> {
        if !body.starts_with(GZIP) {
            return match self.text(body) {
                Cow::Owned(masked) => Some(masked.into()),
                Cow::Borrowed(_) => None,
            };
        }
        let mut unpacked = Vec::new();
        let mut decoder = MultiGzDecoder::new(&body[..]).take(MOST_UNPACKED);
        let whole = decoder.read_to_end(&mut unpacked).is_ok() && decoder.limit() > 0;
        let Cow::Owned(masked) = self.text(&unpacked) else {
            return None;
        };
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        // Writing to memory does not fail.
        let _ = encoder.write_all(&masked);
        let mut packed = encoder.finish().unwrap_or_default();
        if !whole {
            const TRAILER: usize = 8;
            packed.truncate(packed.len().saturating_sub(TRAILER));
        }
        Some(packed.into())
    }

    fn text<'a>(&mut self, text: &'a [u8]) -> Cow<'a, [u8]> {
        let emails = &mut self.emails;
        let text = replaced(text.into(), &EMAIL, |found| {
            if found[0].ends_with(DOMAIN.as_bytes()) {
                return found[0].to_vec();
            }
            format!("email-{}@{DOMAIN}", number(emails, &found[0])).into_bytes()
        });
        let phones = &mut self.phones;
        let text = replaced(text, &PHONE_MEMBER, |found| {
            let value = PHONE_VALUE.replace_all(&found[2], |found: &Captures<'_>| {
                match found[0].strip_prefix(b"\"") {
                    None => number(phones, &found[0]).to_string().into_bytes(),
                    Some(string) => {
                        let (phone, end) = match string.strip_suffix(b"\"") {
                            Some(phone) => (phone, "\""),
                            None => (string, ""),
                        };
                        if !phone.iter().any(u8::is_ascii_digit) || phone.starts_with(b"phone-") {
                            return found[0].to_vec();
                        }
                        format!("\"phone-{}{end}", number(phones, phone)).into_bytes()
                    }
                }
            });
            [&found[1], &value].concat()
        });
        replaced(text, &PHONE, |found| {
            format!("phone-{}", number(phones, &found[0])).into_bytes()
        })
    }
}

/// Like [`Regex::replace_all`], but for a text that may be borrowed.
fn replaced<'a>(
    text: Cow<'a, [u8]>,
    pattern: &Regex,
    mut with: impl FnMut(&Captures<'_>) -> Vec<u8>,
) -> Cow<'a, [u8]> {
    let masked = match pattern.replace_all(&text, |found: &Captures<'_>| with(found)) {
        Cow::Owned(masked) if *masked != *text => Some(masked),
        _ => None,
    };
    masked.map_or(text, Cow::Owned)
}

/// The number of `value`, counted from 1 in the order of first occurrence.
fn number(numbers: &mut HashMap<Vec<u8>, usize>, value: &[u8]) -> usize {
    let next = numbers.len() + 1;
    *numbers.entry(value.to_vec()).or_insert(next)
}
