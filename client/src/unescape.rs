//! Escaped characters, in each of the ways in which servers and gateways write what they echo: JSON's, a URL's and
//! HTML's. What is searched for among them is a matter of `redact` and `excerpt`.

use memchr::memchr3;

/// Times that escapes are taken off a text: JSON in JSON in a page, say.
pub(crate) const LAYERS: usize = 3;
/// The longest entity that is read, `&#x0000002F;`: a bound on the work for each `&`.
const ENTITY_MAX: usize = 12;

/// Characters of keys and links that HTML has names for.
const ENTITIES: &[(&[u8], u8)] = &[
    (b"amp", b'&'),
    (b"lt", b'<'),
    (b"gt", b'>'),
    (b"quot", b'"'),
    (b"apos", b'\''),
    (b"sol", b'/'),
    (b"bsol", b'\\'),
    (b"plus", b'+'),
    (b"equals", b'='),
    (b"lowbar", b'_'),
    (b"period", b'.'),
    (b"colon", b':'),
    (b"quest", b'?'),
    (b"percnt", b'%'),
];

/// The escaped character that `text` begins with, and the bytes that it takes.
fn escaped(text: &[u8]) -> Option<(u8, usize)> {
    match text {
        [b'\\', b'u', b'0', b'0', high, low, ..] => Some((from_hex(*high, *low)?, 6)),
        [b'\\', b'x', high, low, ..] => Some((from_hex(*high, *low)?, 4)),
        [b'\\', character, ..] if character.is_ascii_punctuation() => Some((*character, 2)),
        [b'%', high, low, ..] => Some((from_hex(*high, *low)?, 3)),
        [b'&', rest @ ..] => {
            let end = rest
                .iter()
                .take(ENTITY_MAX)
                .position(|byte| *byte == b';')?;
            Some((entity(&rest[..end])?, end + 2))
        }
        _ => None,
    }
}

fn entity(name: &[u8]) -> Option<u8> {
    let number = |digits, radix| u8::from_str_radix(str::from_utf8(digits).ok()?, radix).ok();
    match name {
        [b'#', b'x' | b'X', digits @ ..] => number(digits, 16),
        [b'#', digits @ ..] => number(digits, 10),
        _ => ENTITIES
            .iter()
            .find_map(|(known, character)| (*known == name).then_some(*character)),
    }
}

fn from_hex(high: u8, low: u8) -> Option<u8> {
    let digit = |byte| char::from(byte).to_digit(16);
    u8::try_from(16 * digit(high)? + digit(low)?).ok()
}

/// A text with one layer of escapes taken off, and where each of its bytes stood before.
pub(crate) struct Unescaped {
    pub(crate) text: Vec<u8>,
    /// One more than there are bytes: the last is the end.
    starts: Vec<u32>,
}

impl Unescaped {
    /// None if nothing is escaped.
    pub(crate) fn of(text: &[u8]) -> Option<Self> {
        memchr3(b'\\', b'%', b'&', text)?;
        let mut new = Self {
            text: Vec::with_capacity(text.len()),
            starts: Vec::with_capacity(text.len() + 1),
        };
        let mut at = 0;
        while let Some(byte) = text.get(at) {
            let (character, length) = escaped(&text[at..]).unwrap_or((*byte, 1));
            new.text.push(character);
            new.starts.push(place(at));
            at += length;
        }
        new.starts.push(place(at));
        (new.text.len() < text.len()).then_some(new)
    }

    /// Where the byte at `index` stood.
    pub(crate) fn start(&self, index: usize) -> usize {
        self.starts
            .get(index)
            .map_or(usize::MAX, |start| *start as usize)
    }

    /// The same, with places in the text that `outer` was made of.
    pub(crate) fn within(mut self, outer: &Self) -> Self {
        for start in &mut self.starts {
            *start = place(outer.start(*start as usize));
        }
        self
    }
}

/// Bodies are far shorter than this can count.
fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
