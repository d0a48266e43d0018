//! Masks what could name a person in recorded exchanges: e-mail addresses and phone numbers, and the signatures
//! that open the download links. The key is masked before: see `redaction.rs`.
//!
//! It happens before anything is judged, so that whatever quotes an exchange is clean, and so that a recording,
//! read back, is judged exactly as the run was. A value is replaced by another of the same type, the same one
//! wherever it occurs: what differed still differs, what was equal still is. Everything else keeps its bytes.

mod numbers;
mod prefilter;

use std::borrow::Cow;
use std::io::Write;
use std::ops::Range;
use std::sync::LazyLock;

use memchr::{memchr, memchr3_iter};
use regex::bytes::{Captures, Regex};

use self::numbers::Numbers;
use self::prefilter::Prefilter;
use crate::exchange::Exchange;
use crate::rewrite::{self, Rewritten};

/// What stands where an e-mail address stood is in this domain, which nobody can own (RFC 2606).
const DOMAIN: &str = "masked.invalid";

/// Something with an `@` in it, up to the end of the text where that comes first: excerpts are cut anywhere. JSON's
/// escapes before it are matched with it, so that half of one is not left.
static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    let local = r"(?:[A-Za-z0-9_.+%'\-\x80-\xff]|\\u[0-9A-Fa-f]{4})";
    let domain = r"[A-Za-z0-9.\-\x80-\xff]*[A-Za-z0-9\x80-\xff]";
    regex(&format!(
        r"(?-u)(?:(?:\\[^u])+{local}*|{local}+)(?:@|%40|\\u0040){domain}"
    ))
});
/// A JSON member whose key speaks of phones: a string, a number, or a list or object without further nesting.
static PHONE_MEMBER: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r#"(?-u)("[A-Za-z0-9_. -]*(?i:phone)[A-Za-z0-9_. -]*"\s*:\s*)(\[[^\[\]]*|\{[^{}\[\]]*|"(?:[^"\\]|\\.)*"?|[0-9]+)"#,
    )
});
/// The word that such a key has in it.
static PHONE_WORD: LazyLock<Regex> = LazyLock::new(|| regex("(?-u)(?i)phone"));
/// The strings and the long numbers of such a member.
static PHONE_VALUE: LazyLock<Regex> =
    LazyLock::new(|| regex(r#"(?-u)"((?:[^"\\]|\\.)*)("?)|[0-9]{5,}"#));
/// A phone number in running text, perhaps right after an escape: in the international form, or the American one.
static PHONE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?-u)(?:\\[bfnrt]|\B)\+[0-9](?:[ ().-]{0,2}[0-9]){6,14}|(?:\\[bfnrt]|\b)[0-9]{3}[ .-][0-9]{3}[ .-][0-9]{4}\b|\([0-9]{3}\) ?[0-9]{3}[ .-][0-9]{4}\b",
    )
});
/// The part of a presigned link that makes it work, for days, for whoever has it.
static SIGNATURE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r#"(?-u)((?:[?&]|\\u0026)(?i:x-amz-signature|x-amz-security-token|x-goog-signature|signature|sig|token)=)([^&\s"'\\<>]+)"#,
    )
});

#[allow(clippy::expect_used)]
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the patterns of this file are valid")
}

/// The values that were met so far, each with its number: the same value is masked alike throughout.
#[derive(Debug, Default)]
pub(crate) struct Mask {
    emails: Numbers,
    phones: Numbers,
    signatures: Numbers,
}

impl Mask {
    /// What was sent and what came back, masked; `None` where nothing is to be masked.
    pub(crate) fn exchange(&mut self, exchange: &Exchange) -> Option<Rewritten> {
        rewrite::exchange(exchange, DOMAIN, &mut |text| match self.text(text) {
            Cow::Owned(masked) => Some(masked),
            Cow::Borrowed(_) => None,
        })
    }

    /// Masks a text.
    pub(crate) fn line(&mut self, text: &str) -> String {
        String::from_utf8_lossy(&self.text(text.as_bytes())).into_owned()
    }

    fn text<'a>(&mut self, text: &'a [u8]) -> Cow<'a, [u8]> {
        // Most texts hold nothing that the patterns begin with, which is quickly seen.
        let prefilter = Prefilter::of(text);
        let has_phone = prefilter.has_quote && PHONE_WORD.is_match(text);
        let has_number = prefilter.has_digit && prefilter::may_hold_a_phone_number(text);
        let text = if prefilter.has_at {
            self.emails(text)
        } else {
            text.into()
        };
        let phones = &mut self.phones;
        let text = replaced(text, has_phone, &PHONE_MEMBER, |found| {
            let Some((key, value)) = member(found) else {
                return found.to_vec();
            };
            let value = PHONE_VALUE.replace_all(value, |found: &Captures<'_>| {
                let Some((string, end)) = found.get(1).zip(found.get(2)) else {
                    return phones.of(&found[0]).to_string().into_bytes();
                };
                let phone = string.as_bytes();
                if !phone.iter().any(u8::is_ascii_digit) || phone.starts_with(b"phone-") {
                    return found[0].to_vec();
                }
                let masked = format!("\"phone-{}", phones.of(phone));
                [masked.as_bytes(), end.as_bytes()].concat()
            });
            [key, &value].concat()
        });
        let text = replaced(text, has_number, &PHONE, |found| {
            let (escape, phone) = found.split_at(if found.starts_with(b"\\") { 2 } else { 0 });
            let masked = format!("phone-{}", phones.of(phone));
            [escape, masked.as_bytes()].concat()
        });
        let signatures = &mut self.signatures;
        replaced(text, prefilter.has_equals, &SIGNATURE, |found| {
            // No name has one in it.
            let value = memchr(b'=', found).map_or(0, |equals| equals + 1);
            let (name, value) = found.split_at(value);
            if value.starts_with(b"masked-") {
                return found.to_vec();
            }
            let masked = format!("masked-{}", signatures.of(value));
            [name, masked.as_bytes()].concat()
        })
    }

    /// Masks e-mail addresses. Only around each `@` is looked closer, for a text has few of them.
    fn emails<'a>(&mut self, text: &'a [u8]) -> Cow<'a, [u8]> {
        let mut masked = Vec::new();
        let (mut kept, mut seen) = (0, 0);
        for at in ats(text) {
            if at < seen {
                continue;
            }
            let from = around(text, seen..at).next_back().map_or(seen, |at| at + 1);
            seen = around(text, at..text.len()).next().unwrap_or(text.len());
            for found in EMAIL.find_iter(&text[from..seen]) {
                let escapes = found.as_bytes().chunks_exact(2);
                let escapes = escapes.take_while(|two| two[0] == b'\\' && two[1] != b'u');
                let (escapes, email) = found.as_bytes().split_at(2 * escapes.count());
                if email.ends_with(DOMAIN.as_bytes()) {
                    continue;
                }
                masked.extend_from_slice(&text[kept..from + found.start()]);
                masked.extend_from_slice(escapes);
                // Nothing fails that is written into memory.
                let _ = write!(masked, "email-{}@{DOMAIN}", self.emails.of(email));
                kept = from + found.end();
            }
        }
        if kept == 0 {
            return text.into();
        }
        masked.extend_from_slice(&text[kept..]);
        masked.into()
    }
}

/// Where each `@` is, in whatever form.
fn ats(text: &[u8]) -> impl Iterator<Item = usize> {
    memchr3_iter(b'@', b'%', b'\\', text).filter(|at| {
        let rest = &text[*at..];
        rest[0] == b'@' || rest.starts_with(b"%40") || rest.starts_with(b"\\u0040")
    })
}

/// Where in this part of a text bytes are that no address has in it.
fn around(text: &[u8], part: Range<usize>) -> impl DoubleEndedIterator<Item = usize> {
    let is_known =
        |byte: u8| byte.is_ascii_alphanumeric() || byte >= 0x80 || b"_.+%'-\\@".contains(&byte);
    let is_escaped = |at: usize| {
        at.checked_sub(1)
            .is_some_and(|before| text[before] == b'\\')
    };
    part.filter(move |at| !is_known(text[*at]) && !is_escaped(*at))
}

/// A JSON member that [`PHONE_MEMBER`] found, divided before its value.
fn member(found: &[u8]) -> Option<(&[u8], &[u8])> {
    let parts = PHONE_MEMBER.captures(found)?;
    Some((parts.get(1)?.as_bytes(), parts.get(2)?.as_bytes()))
}

/// Like [`Regex::replace_all`], but for a text that may be borrowed, and only `if_any` can be found.
fn replaced<'a>(
    text: Cow<'a, [u8]>,
    if_any: bool,
    pattern: &Regex,
    mut with: impl FnMut(&[u8]) -> Vec<u8>,
) -> Cow<'a, [u8]> {
    if !if_any {
        return text;
    }
    let (mut masked, mut kept) = (Vec::new(), 0);
    for found in pattern.find_iter(&text) {
        masked.extend_from_slice(&text[kept..found.start()]);
        masked.extend_from_slice(&with(found.as_bytes()));
        kept = found.end();
    }
    if kept == 0 {
        return text;
    }
    masked.extend_from_slice(&text[kept..]);
    if *masked == *text {
        text
    } else {
        masked.into()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    /// Texts that hold what is masked, next to what JSON escapes.
    fn text() -> impl Strategy<Value = String> {
        const PARTS: &[&str] = &[
            "jane.doe@acme.example",
            "@",
            "é",
            "\n",
            "\"",
            "\\",
            "\u{1}",
            "+1 555 123 0042",
            "(555) 123-0042",
            "555-123-0042",
            "12345678",
            "phone",
            " ",
            "a",
            ":",
            "[",
            "]",
            "{",
            "?sig=abc",
            "&signature=x",
        ];
        proptest::collection::vec(proptest::sample::select(PARTS), 0..6)
            .prop_map(|parts| parts.concat())
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            text().prop_map(Value::from),
            any::<u32>().prop_map(Value::from),
            Just(Value::Null),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            let key = prop_oneof![
                Just("phone".to_owned()),
                Just("phone_numbers".to_owned()),
                text(),
            ];
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::vec((key, inner), 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    fn same_type(a: &Value, b: &Value) -> bool {
        match (a, b) {
            (Value::Array(a), Value::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_type(a, b))
            }
            (Value::Object(a), Value::Object(b)) => {
                a.len() == b.len() && a.values().zip(b.values()).all(|(a, b)| same_type(a, b))
            }
            (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
        }
    }

    proptest! {
        /// A masked response is judged like the original: JSON stays JSON of the same shape.
        #[test]
        fn json_keeps_its_shape(value in json()) {
            let written = value.to_string();
            let masked = Mask::default().line(&written);
            let read: Result<Value, _> = serde_json::from_str(&masked);
            prop_assert!(read.as_ref().is_ok_and(|read| same_type(&value, read)), "{written}\n{masked}");
            prop_assert!(!masked.contains("jane.doe@"), "{masked}");
        }
    }
}
