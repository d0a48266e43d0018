//! Taking the key out of what servers send, since they may echo the request. It is done once, when a body has been read,
//! so that nothing that is made of a body can show it. The work is linear in the body, whatever the body and the key.

use std::ops::Range;

use bytes::Bytes;
use memchr::{memchr, memchr_iter, memchr3};

use crate::api_key::{ApiKey, REDACTED};
use crate::generated::contract::BASE_URL;
use crate::unescape::{LAYERS, Unescaped};

/// So many characters of a key's beginning are too many to show; of a short key, half of it.
const ENOUGH: usize = 8;
/// Fewer are not taken for a key's beginning, however short it is: words of the API begin like it.
const ENOUGH_OF_SHORT: usize = 4;

/// `body` without the key, and without beginnings of it that tell much, however often they are escaped. A server may
/// cut what it echoes, and a connection may break within it.
pub(crate) fn redact(body: Bytes, key: &ApiKey) -> Bytes {
    if is_clean(&body, key.expose()) {
        return body;
    }
    let forms = forms(key.expose());
    let patterns: Vec<_> = forms.iter().map(|form| Pattern::new(form)).collect();
    let mut found = Vec::new();
    for pattern in &patterns {
        pattern.find(&body, |range| found.push(range));
    }
    let mut layer = Unescaped::of(&body);
    for _ in 0..LAYERS {
        let Some(outer) = layer else { break };
        for pattern in &patterns {
            pattern.find(&outer.text, |range| {
                found.push(outer.start(range.start)..outer.start(range.end));
            });
        }
        layer = Unescaped::of(&outer.text).map(|inner| inner.within(&outer));
    }
    if found.is_empty() {
        return body;
    }
    found.sort_unstable_by_key(|range| range.start);
    without(&body, &found).into()
}

/// Whether one quick look shows that nothing has to be taken out: nothing is escaped, and no beginning of the key is in
/// the body. Most bodies are such.
fn is_clean(body: &[u8], key: &[u8]) -> bool {
    let has_escapes = |text| memchr3(b'\\', b'%', b'&', text).is_some();
    !has_escapes(body) && !has_escapes(key) && !contains(body, &key[..enough_of(key)])
}

/// A beginning is so short that to try it wherever its first byte stands takes less time than to prepare a search.
fn contains(text: &[u8], beginning: &[u8]) -> bool {
    memchr_iter(beginning[0], text).any(|at| text[at..].starts_with(beginning))
}

/// Characters from which on a beginning of the key is not shown.
fn enough_of(key: &[u8]) -> usize {
    let half = key.len().div_ceil(2).max(ENOUGH_OF_SHORT);
    let mut enough = half.min(ENOUGH).min(key.len());
    // A key may begin with the provider's name, and links must stay whole.
    while enough < key.len() && contains(BASE_URL.as_bytes(), &key[..enough]) {
        enough += 1;
    }
    enough
}

/// What is left of `body` without these ranges, which are in order and may overlap.
fn without(body: &[u8], ranges: &[Range<usize>]) -> Vec<u8> {
    let mut clean = Vec::with_capacity(body.len());
    // Up to where the body has been taken over.
    let mut done = 0;
    for range in ranges {
        if range.start >= done {
            clean.extend_from_slice(&body[done..range.start]);
            clean.extend_from_slice(REDACTED.as_bytes());
        }
        done = done.max(range.end);
    }
    clean.extend_from_slice(&body[done..]);
    clean
}

/// The key, and what becomes of it when escapes are taken off a text that has it as it is: some of its own characters
/// may look like one.
fn forms(key: &[u8]) -> Vec<Vec<u8>> {
    let mut forms = vec![key.to_vec()];
    while forms.len() <= LAYERS
        && let Some(form) = forms.last().and_then(|form| Unescaped::of(form))
    {
        forms.push(form.text);
    }
    forms
}

/// A key to search for, as Knuth, Morris and Pratt do it: no byte of a text is looked at again for each byte of the key.
struct Pattern<'a> {
    key: &'a [u8],
    /// For each beginning of the key, the longest shorter one that it ends in.
    shorter: Vec<usize>,
    /// Characters from which on a beginning is not shown.
    enough: usize,
}

impl<'a> Pattern<'a> {
    fn new(key: &'a [u8]) -> Self {
        let mut shorter = vec![0; key.len()];
        let mut matched = 0;
        for index in 1..key.len() {
            while matched > 0 && key[matched] != key[index] {
                matched = shorter[matched - 1];
            }
            matched += usize::from(key[matched] == key[index]);
            shorter[index] = matched;
        }
        Self {
            key,
            shorter,
            enough: enough_of(key),
        }
    }

    /// Hands over where in `text` the key stands, or enough of its beginning.
    fn find(&self, text: &[u8], mut found: impl FnMut(Range<usize>)) {
        let mut matched = 0;
        let mut at = 0;
        while let Some(byte) = text.get(at) {
            if matched == 0 && *byte != self.key[0] {
                match memchr(self.key[0], &text[at..]) {
                    Some(skipped) => at += skipped,
                    None => return,
                }
                continue;
            }
            let before = matched;
            while matched > 0 && self.key[matched] != *byte {
                matched = self.shorter[matched - 1];
            }
            matched += usize::from(self.key[matched] == *byte);
            if matched <= before && before >= self.enough {
                found(at - before..at);
            }
            at += 1;
            if matched == self.key.len() {
                found(at - matched..at);
                matched = 0;
            }
        }
        if matched >= self.enough {
            found(text.len() - matched..text.len());
        }
    }
}

#[cfg(test)]
mod tests {
    //! Here, since a body that is cut where a test wants it takes a server that knows the client's buffers.
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[track_caller]
    fn check(key: &str, body: &str, expected: &str) {
        let key = ApiKey::new(key).unwrap();
        let clean = redact(Bytes::copy_from_slice(body.as_bytes()), &key);
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
            // Escaped twice, thrice, and by two hands.
            (r"-a\\/b%c-", "-[redacted]-"),
            (r"-a\\u002fb\\u0025c-", "-[redacted]-"),
            (r"-a\\\\/b%c-", "-[redacted]-"),
            ("-a%252Fb%2525c-", "-[redacted]-"),
            (r"-a\u00252Fb%c-", "-[redacted]-"),
            ("-a&#x2F;b&percnt;c-", "-[redacted]-"),
            ("-a&#47;b&#037;c-", "-[redacted]-"),
            ("-a&amp;#x2F;b%c-", "-[redacted]-"),
            // Escapes that are none.
            (r"\a/b%c", r"\[redacted]"),
            (r"-a\x2fb%c-", "-[redacted]-"),
        ] {
            check("a/b%c", body, expected);
        }
    }

    #[test]
    fn a_key_that_looks_escaped_itself_is_found() {
        for body in ["a%41&amp;\\/b", "a%2541&amp;amp;\\\\/b", r"a%41&amp;\\\/b"] {
            check(r"a%41&amp;\/b", body, "[redacted]");
        }
        // Of which the body shows nothing but what it stands for.
        check("ab%41%42cd", "abABcd", "[redacted]");
    }

    #[test]
    fn what_is_not_the_key_is_left_as_it_is() {
        for body in [
            "", "a", "a/b", "a/bd", "%", r"\", r"\u00", "%2", "ä/b%c", "%zz", "&", "&#x;", "&;",
        ] {
            check("a/b%c", body, body);
        }
    }

    #[test]
    fn a_beginning_that_tells_much_is_not_shown() {
        let key = "sk-0123456789";
        for length in 0..key.len() {
            let shown = if length < 7 {
                &key[..length]
            } else {
                "[redacted]"
            };
            for after in ["", "…", " and more", "s", "\\"] {
                check(
                    key,
                    &format!("key {}{after}", &key[..length]),
                    &format!("key {shown}{after}"),
                );
            }
        }
        check(
            "sk-12345",
            "sk-sk-1sk-12345sk-1",
            "sk-[redacted][redacted][redacted]",
        );
        check(key, r"sk\u002d01234\u00", r"[redacted]\u00");
    }

    #[test]
    fn the_name_of_the_provider_is_no_key() {
        let key = "crustdata_live_0123456789";
        check(
            key,
            "https://api.crustdata.com/",
            "https://api.crustdata.com/",
        );
        check(key, "crustdata_l", "[redacted]");
        check("crustdata", "a crustdata b", "a [redacted] b");
    }

    #[test]
    fn a_key_that_repeats_itself_is_found() {
        check("aaaa", "aaba", "aaba");
        check("aaaa", "aabaaaa", "aab[redacted]");
        // The key, and before it a beginning that shares some of it.
        check("aabaac", "aabaabaac", "[redacted]");
    }

    /// Would take hours if the work were not linear.
    #[test]
    fn the_largest_bodies_take_no_time() {
        let key = format!("{}b", "\\a".repeat(4_000));
        let key = ApiKey::new(key).unwrap();
        for unit in ["a", "\\a", "\\\\a", "%25", "&amp;", "\\u005ca"] {
            redact(unit.repeat((4 << 20) / unit.len()).into(), &key);
        }
    }
}
