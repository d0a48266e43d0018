//! What errors show of a response: its beginning, and of links not the part that opens them.

use memchr::memchr;

use crate::unescape::{LAYERS, Unescaped};

/// Most characters of an excerpt.
const LIMIT: usize = 1_000;
/// Most bytes of a text that are looked at: enough for an excerpt with long links left out.
const LOOKED_AT: usize = 16 * LIMIT;

/// The beginning of what a server sent, for people to read.
pub(crate) fn excerpt(text: &str) -> String {
    excerpt_of(text.as_bytes())
}

/// The same, of a body.
pub(crate) fn excerpt_of(body: &[u8]) -> String {
    let start = &body[..body.len().min(LOOKED_AT)];
    let mut text = without_queries(&String::from_utf8_lossy(start));
    let end = text.char_indices().nth(LIMIT).map(|(end, _)| end);
    if let Some(end) = end {
        text.truncate(end);
    }
    if end.is_some() || start.len() < body.len() {
        text.push('…');
    }
    text
}

/// Leaves out what follows the `?` of URLs. In a link to results that is the signature, which is as good as a key to
/// them. A text that is cut within one shows no more than where the file is.
fn without_queries(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for word in text.split_inclusive(ends_word) {
        let (word, end) = match word.char_indices().next_back() {
            Some((at, last)) if ends_word(last) => word.split_at(at),
            _ => (word, ""),
        };
        match query(word.as_bytes()) {
            Some(at) => safe.extend([&word[..at], "?…", end]),
            None => safe.extend([word, end]),
        }
    }
    safe
}

/// Where the query of a URL begins, with its `?`, which may be escaped as the slashes may be.
fn query(word: &[u8]) -> Option<usize> {
    let mut found = plain_query(word);
    let mut layer = Unescaped::of(word);
    for _ in 0..LAYERS {
        let Some(outer) = layer else { break };
        let here = plain_query(&outer.text).map(|at| outer.start(at));
        found = [found, here].into_iter().flatten().min();
        layer = Unescaped::of(&outer.text).map(|inner| inner.within(&outer));
    }
    found
}

fn plain_query(word: &[u8]) -> Option<usize> {
    let slash = memchr(b'/', word)?;
    let at = slash + memchr(b'?', &word[slash..])?;
    (at + 1 < word.len()).then_some(at)
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>')
}

#[cfg(test)]
mod tests {
    //! Here, since through the public face only the shortest of these can be told apart.

    use super::*;

    #[test]
    fn links_lose_what_opens_them() {
        for (text, expected) in [
            ("", ""),
            ("what? really?", "what? really?"),
            ("this and/or? that", "this and/or? that"),
            ("https://a.example.com/b", "https://a.example.com/b"),
            ("https://a.example.com/b?s=1", "https://a.example.com/b?…"),
            (r#""/b?s=1" "\/b?s=1""#, r#""/b?…" "\/b?…""#),
            (
                r#"{"a": "https://a.example.com/b?s=1&t=?2", "c": "d?"}"#,
                r#"{"a": "https://a.example.com/b?…", "c": "d?"}"#,
            ),
            (
                r#"{"a":"https:\/\/a.example.com\/b?s=1"}"#,
                r#"{"a":"https:\/\/a.example.com\/b?…"}"#,
            ),
            (
                r#"{\"a\":\"https:\\/\\/a.example.com\\/b\\u003fs=1\"}"#,
                r#"{\"a\":\"https:\\/\\/a.example.com\\/b?…"}"#,
            ),
            (
                "x?to=https%3A%2F%2Fa%2Fb%3Fs=1",
                "x?to=https%3A%2F%2Fa%2Fb?…",
            ),
            (
                "<a href=http://a/?s>http://a/?t</a>",
                "<a href=http://a/?…>http://a/?…</a>",
            ),
        ] {
            assert_eq!(excerpt(text), expected);
        }
    }

    #[test]
    fn long_texts_are_shown_in_part() {
        let long = "ä".repeat(LIMIT + 1);
        assert_eq!(excerpt(&long).chars().count(), LIMIT + 1);
        assert_eq!(excerpt(&long[2..]), long[2..]);
        let link = format!("/a?{} and more", "s".repeat(LOOKED_AT));
        assert_eq!(excerpt(&link), "/a?……");
    }

    /// Would take hours if the work were not bounded.
    #[test]
    fn the_largest_bodies_take_no_time() {
        for unit in ["?", "/?", "\\/?", "://a?b", "&", "%", "ä?", "\"?", " "] {
            let body = unit.repeat((4 << 20) / unit.len());
            assert!(excerpt_of(body.as_bytes()).chars().count() <= LIMIT + 1);
        }
    }
}
