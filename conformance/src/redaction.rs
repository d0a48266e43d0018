//! The gate that every exchange passes when it is recorded: the key does not get through, in whatever form a
//! server, or a client, wrote it. What could name a person is masked later, and elsewhere: see `mask`.

use memchr::memchr2;
use memchr::memmem::Finder;
use secrecy::{ExposeSecret, SecretString};

use crate::exchange::{Exchange, KEY_PLACEHOLDER};
use crate::rewrite;

/// Puts [`KEY_PLACEHOLDER`] where a key stands.
#[derive(Debug, Default)]
pub(crate) struct Redaction {
    /// The keys, with their escapes undone.
    keys: Vec<Finder<'static>>,
}

impl Redaction {
    pub(crate) fn of(key: &SecretString) -> Self {
        let mut redaction = Self::default();
        redaction.add(key);
        redaction
    }

    /// One more key.
    pub(crate) fn add(&mut self, key: &SecretString) {
        let plain: Vec<u8> = unescaped(key.expose_secret().as_bytes())
            .map(|piece| piece.byte)
            .collect();
        if !plain.is_empty() {
            self.keys.push(Finder::new(&plain).into_owned());
        }
    }

    /// What was sent and what came back, without the keys.
    pub(crate) fn exchange(&self, mut exchange: Exchange) -> Exchange {
        let redacted = rewrite::exchange(&exchange, KEY_PLACEHOLDER, &mut |text| self.text(text));
        if let Some(redacted) = redacted {
            redacted.put_into(&mut exchange);
        }
        exchange
    }

    /// The text without the keys; `None` where it holds none.
    fn text(&self, text: &[u8]) -> Option<Vec<u8>> {
        // What holds no escape holds a key as it is, or not at all: that is quickly seen.
        let is_plain = memchr2(b'\\', b'%', text).is_none();
        if is_plain && self.keys.iter().all(|key| key.find(text).is_none()) {
            return None;
        }
        let plain: Vec<u8> = unescaped(text).map(|piece| piece.byte).collect();
        let mut redacted = Vec::new();
        let (mut rest, mut pieces, mut passed) = (0, unescaped(text), 0);
        for (at, length) in self.found(&plain) {
            let (Some(first), last) = (
                pieces.nth(at - passed),
                pieces.by_ref().take(length - 1).last(),
            ) else {
                break;
            };
            passed = at + length;
            redacted.extend_from_slice(&text[rest..first.from]);
            redacted.extend_from_slice(KEY_PLACEHOLDER.as_bytes());
            rest = last.map_or(first.to, |last| last.to);
        }
        (rest > 0).then(|| {
            redacted.extend_from_slice(&text[rest..]);
            redacted
        })
    }

    /// Where a key is and how long it is; of keys that overlap, all that they cover is one.
    fn found(&self, plain: &[u8]) -> Vec<(usize, usize)> {
        let all = self.keys.iter().flat_map(|key| {
            let length = key.needle().len();
            key.find_iter(plain).map(move |at| (at, length))
        });
        let mut all: Vec<(usize, usize)> = all.collect();
        all.sort_unstable();
        all.dedup_by(|next, before| {
            let overlaps = next.0 < before.0 + before.1;
            if overlaps {
                before.1 = before.1.max(next.0 + next.1 - before.0);
            }
            overlaps
        });
        all
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
    fn keys_that_overlap_are_gone_together() {
        let mut redaction = Redaction::of(&SecretString::from("one-key"));
        for key in ["one-key-longer", "key-longer-still", "other"] {
            redaction.add(&SecretString::from(key));
        }
        let text = b"a one-key-longer-still, another".as_slice();
        let expected = b"a $CRUSTDATA_API_KEY, an$CRUSTDATA_API_KEY";
        assert_eq!(redaction.text(text).as_deref(), Some(expected.as_slice()));
    }

    #[test]
    fn everything_else_keeps_its_bytes() {
        let text = r#"{"a":"\u002f\/%2F%zz\\","b":"se/cre\"#;
        check("se/cret", text, text);
        check("se/cret", r"1\n\/se/crett%", r"1\n\/$CRUSTDATA_API_KEYt%");
        check("", text, text);
    }
}
