//! The gate that every exchange passes when it is recorded: the key does not get through, in whatever form a
//! server, or a client, wrote it. What could name a person is masked later, and elsewhere: see `mask`.

use memchr::{memchr2, memmem};
use secrecy::{ExposeSecret, SecretString};

use crate::exchange::{Exchange, KEY_PLACEHOLDER};
use crate::rewrite;

/// Puts [`KEY_PLACEHOLDER`] where the key stands.
pub(crate) struct Redaction {
    /// The key, with its escapes undone.
    key: Vec<u8>,
}

impl Redaction {
    pub(crate) fn of(key: &SecretString) -> Self {
        let plain = unescaped(key.expose_secret().as_bytes());
        Self {
            key: plain.map(|piece| piece.byte).collect(),
        }
    }

    /// What was sent and what came back, without the key.
    pub(crate) fn exchange(&self, exchange: Exchange) -> Exchange {
        let redacted = rewrite::exchange(&exchange, KEY_PLACEHOLDER, &mut |text| self.text(text));
        redacted.unwrap_or(exchange)
    }

    /// The text without the key; `None` where it does not hold it.
    fn text(&self, text: &[u8]) -> Option<Vec<u8>> {
        if self.key.is_empty() {
            return None;
        }
        // What holds no escape holds the key as it is, or not at all: that is quickly seen.
        let is_plain = memchr2(b'\\', b'%', text).is_none();
        if is_plain && memmem::find(text, &self.key).is_none() {
            return None;
        }
        let plain: Vec<u8> = unescaped(text).map(|piece| piece.byte).collect();
        let mut redacted = Vec::new();
        let (mut rest, mut pieces, mut passed) = (0, unescaped(text), 0);
        for at in memmem::find_iter(&plain, &self.key) {
            let (Some(first), last) = (
                pieces.nth(at - passed),
                pieces.by_ref().take(self.key.len() - 1).last(),
            ) else {
                break;
            };
            passed = at + self.key.len();
            redacted.extend_from_slice(&text[rest..first.from]);
            redacted.extend_from_slice(KEY_PLACEHOLDER.as_bytes());
            rest = last.map_or(first.to, |last| last.to);
        }
        (rest > 0).then(|| {
            redacted.extend_from_slice(&text[rest..]);
            redacted
        })
    }
}

/// A byte, and where in the text it is written.
struct Piece {
    byte: u8,
    from: usize,
    to: usize,
}

/// The bytes of a text with JSON's escapes and those of URLs undone, however often they were made: `\/`,
/// `\u002f`, `\\u002F`, `%2F` and `%252f` are all a slash. Backslashes are left out, so that one that escapes
/// need not be told from one that is meant.
fn unescaped(text: &[u8]) -> impl Iterator<Item = Piece> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(from..)?;
            let slashes = rest.iter().take_while(|byte| **byte == b'\\').count();
            let after = rest.get(slashes..)?;
            let escaped = after.strip_prefix(b"u00").filter(|_| slashes > 0);
            let (byte, length) = escaped
                .and_then(|digits| Some((hex(digits)?, 5)))
                .or_else(|| percent(after))
                .or_else(|| Some((*after.first()?, 1)))?;
            let to = from + slashes + length;
            let piece = Piece { byte, from, to };
            from = to;
            if byte != b'\\' {
                return Some(piece);
            }
        }
    })
}

/// The byte that a `%2F` at the beginning stands for, and the length of that.
fn percent(text: &[u8]) -> Option<(u8, usize)> {
    let mut digits = text.strip_prefix(b"%")?;
    while let Some(more) = digits.strip_prefix(b"25")
        && hex(more).is_some()
    {
        digits = more;
    }
    Some((hex(digits)?, text.len() - digits.len() + 2))
}

fn hex(digits: &[u8]) -> Option<u8> {
    let digit = |at: usize| char::from(*digits.get(at)?).to_digit(16);
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(key: &str, text: &str, expected: &str) {
        let redaction = Redaction::of(&SecretString::from(key));
        let redacted = redaction.text(text.as_bytes());
        let redacted = redacted.map(|text| String::from_utf8(text).expect("it is text"));
        assert_eq!(redacted.as_deref().unwrap_or(text), expected);
    }

    #[test]
    fn the_key_is_found_in_every_form() {
        const GONE: &str = r#"{"k":"$CRUSTDATA_API_KEY"}"#;
        for form in [
            r"se/cret",
            r"se\/cret",
            r"se\u002fcret",
            r"se\u002Fcret",
            r"se\\/cret",
            r"se\\u002fcret",
            r"\u0073e\/cret",
            r"se%2Fcret",
            r"se%2fcret",
            r"se%252Fcret",
            r"%73%65%2F%63%72%65%74",
        ] {
            check("se/cret", &format!(r#"{{"k":"{form}"}}"#), GONE);
        }
        check(r#"a"b\c"#, r#"{"k":"a\"b\\c"}"#, GONE);
        check("a%2Fb", r#"{"k":"a%2Fb"}"#, GONE);
        check("a%2Fb", r#"{"k":"a%252Fb"}"#, GONE);
    }

    #[test]
    fn everything_else_keeps_its_bytes() {
        let text = r#"{"a":"\u002f\/%2F%zz\\","b":"se/cre\"#;
        check("se/cret", text, text);
        check("se/cret", r"1\n\/se/crett%", r"1\n\/$CRUSTDATA_API_KEYt%");
        check("", text, text);
    }
}
