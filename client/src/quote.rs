//! What errors quote of a response: its beginning, and of links not the part that opens them.

/// Most characters of a text that an error quotes.
const LIMIT: usize = 1_000;

/// The beginning of what a server sent, for people to read.
pub(crate) fn quote(text: &str) -> String {
    let text = without_queries(text);
    match text.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// The same, of a body.
pub(crate) fn quote_bytes(body: &[u8]) -> String {
    quote(&String::from_utf8_lossy(body))
}

/// Cuts what follows the `?` of URLs. In a link to results that is the signature, which is as good as a key to them.
fn without_queries(text: &str) -> String {
    let mut parts = text.split('?');
    let mut safe = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let word = safe.rsplit(ends_word).next().unwrap_or_default();
        // JSON may write a slash as `\/`.
        let is_url = ["://", ":\\/\\/"].iter().any(|mark| word.contains(mark))
            || word.starts_with(['/', '\\']);
        safe.push('?');
        if is_url {
            safe.push('…');
            safe.push_str(&part[part.find(ends_word).unwrap_or(part.len())..]);
        } else {
            safe.push_str(part);
        }
    }
    safe
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
            ("https://a.example.com/b", "https://a.example.com/b"),
            ("https://a.example.com/b?s=1", "https://a.example.com/b?…"),
            (r#""/b?s=1" "\/b?s=1""#, r#""/b?…" "\/b?…""#),
            (
                r#"{"a": "https://a.example.com/b?s=1&t=?2", "c": "d?"}"#,
                r#"{"a": "https://a.example.com/b?…?…", "c": "d?"}"#,
            ),
            (
                r#"{"a":"https:\/\/a.example.com\/b?s=1"}"#,
                r#"{"a":"https:\/\/a.example.com\/b?…"}"#,
            ),
            (
                "<a href=http://a/?s>http://a/?t</a>",
                "<a href=http://a/?…>http://a/?…</a>",
            ),
        ] {
            assert_eq!(quote(text), expected);
        }
    }

    #[test]
    fn long_texts_are_quoted_in_part() {
        let long = "ä".repeat(LIMIT + 1);
        assert_eq!(quote(&long).chars().count(), LIMIT + 1);
        assert_eq!(quote(&long[2..]), long[2..]);
    }
}
