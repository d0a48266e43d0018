//! Taking the key out of what servers send, since they may echo the request. It is done once, when a body has been read,
//! so that nothing that is made of a body can show it.

use bytes::Bytes;
use memchr::memchr3;

use crate::api_key::{ApiKey, REDACTED};

/// Where a body was cut, so many characters of the key are enough to be taken for its beginning.
const BEGINNING: usize = 4;

/// `body` without the key. If it was cut, it may end in the middle of one.
pub(crate) fn redact(body: Bytes, key: &ApiKey, is_cut: bool) -> Bytes {
    let mut clean: Option<Vec<u8>> = None;
    let mut rest = &body[..];
    // Up to where the body has been taken over.
    let mut done = 0;
    let key = key.expose();
    // Each form of the key begins with one of these.
    let first = key.first().copied().unwrap_or_default();
    while let Some(found) = memchr3(first, b'\\', b'%', rest) {
        rest = &rest[found..];
        let start = body.len() - rest.len();
        match after_key(rest, key, is_cut) {
            Some(after) => {
                let clean = clean.get_or_insert_default();
                clean.extend_from_slice(&body[done..start]);
                clean.extend_from_slice(REDACTED.as_bytes());
                done = body.len() - after.len();
                rest = after;
            }
            None => rest = &rest[1..],
        }
    }
    match clean {
        Some(mut clean) => {
            clean.extend_from_slice(&body[done..]);
            clean.into()
        }
        None => body,
    }
}

/// What follows the key, if `text` begins with it.
fn after_key<'a>(text: &'a [u8], key: &[u8], is_cut: bool) -> Option<&'a [u8]> {
    let mut rest = text;
    for (matched, character) in key.iter().enumerate() {
        rest = match after_character(rest, *character) {
            Some(rest) => rest,
            None if is_cut && rest.is_empty() && matched >= BEGINNING => return Some(rest),
            None => return None,
        };
    }
    Some(rest)
}

/// What follows a character, if `text` begins with it: as JSON escapes it, as URLs do, or as it is.
fn after_character(text: &[u8], character: u8) -> Option<&[u8]> {
    match text {
        [b'\\', b'u', b'0', b'0', high, low, rest @ ..] | [b'%', high, low, rest @ ..]
            if from_hex(*high, *low) == Some(character.into()) =>
        {
            Some(rest)
        }
        [b'\\', byte, rest @ ..] | [byte, rest @ ..] if *byte == character => Some(rest),
        _ => None,
    }
}

fn from_hex(high: u8, low: u8) -> Option<u32> {
    let digit = |byte| char::from(byte).to_digit(16);
    Some(16 * digit(high)? + digit(low)?)
}

#[cfg(test)]
mod tests {
    //! Here, since a body that is cut where a test wants it takes a server that knows the client's buffers.
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[track_caller]
    fn check(key: &str, is_cut: bool, body: &str, expected: &str) {
        let key = ApiKey::new(key).unwrap();
        let clean = redact(Bytes::copy_from_slice(body.as_bytes()), &key, is_cut);
        assert_eq!(String::from_utf8_lossy(&clean), expected, "{body}");
    }

    #[test]
    fn the_key_is_found_in_every_form() {
        for (body, expected) in [
            ("a/b%c", "[redacted]"),
            ("-a/b%c-a/b%c-", "-[redacted]-[redacted]-"),
            (r"<a\/b%c>", "<[redacted]>"),
            (r"a\u002fb\u0025c", "[redacted]"),
            (r"\u0061\u002Fb%25c", "[redacted]"),
            ("%61%2fb%25c", "[redacted]"),
            ("aa/b%c", "a[redacted]"),
            ("a/ba/b%c", "a/b[redacted]"),
        ] {
            check("a/b%c", false, body, expected);
        }
    }

    #[test]
    fn what_is_not_the_key_is_left_as_it_is() {
        for body in [
            "", "a", "a/b%", "a/b%d", "%", r"\", r"\u00", "%2", "ä/b%c", "%zz",
        ] {
            check("a/b%c", false, body, body);
        }
    }

    #[test]
    fn a_body_that_is_cut_may_end_within_the_key() {
        check("sk-12345", true, "the key sk-1234", "the key [redacted]");
        check("sk-12345", true, "the key sk-1", "the key [redacted]");
        check("sk-12345", true, "the key sk-", "the key sk-");
        check("sk-12345", false, "the key sk-1234", "the key sk-1234");
        check("sk-12345", true, "sk-1234 and more", "sk-1234 and more");
    }
}
