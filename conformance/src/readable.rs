//! Text of a server, made fit to be shown to people: no control character reaches a terminal, and no character that
//! reorders others reaches a page. What is packed is unpacked, and JSON is indented.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use serde::de::IgnoredAny;

use crate::gzip;

/// The most characters of a text of a server, or about one, that are kept as one value.
pub(crate) const MOST_TEXT: usize = 2_000;

/// Whether a terminal, or whoever reads, could take the character for something else than text: it moves the cursor,
/// or changes the order in which others are shown.
pub(crate) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// At most `most` characters on one line, with escapes in place of unsafe characters.
pub(crate) fn line(text: &str, most: usize) -> String {
    shown(text, most, |_| false)
}

/// At most `most` characters, with escapes in place of unsafe characters other than line breaks.
pub(crate) fn block(text: &str, most: usize) -> String {
    shown(text, most, |c| c == '\n')
}

fn shown(text: &str, most: usize, stays: impl Fn(char) -> bool) -> String {
    let mut shown = String::new();
    for (n, c) in text.chars().enumerate() {
        if n == most {
            shown.push('…');
            break;
        }
        if is_unsafe(c) && !stays(c) {
            shown.extend(c.escape_debug());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// The first `most` characters of a body: its lines where it is packed, indented where it is JSON.
pub(crate) fn body(bytes: &[u8], most: usize) -> String {
    // A character takes four bytes at most, and one more tells that there is more.
    let enough = 4 * (most + 1);
    let packed = gzip::is_gzip(bytes);
    let mut unpacked = Vec::new();
    let start = if packed {
        let decoder = MultiGzDecoder::new(bytes);
        // What is broken is shown up to where it breaks.
        let _ = decoder.take(enough as u64).read_to_end(&mut unpacked);
        &unpacked[..]
    } else {
        &bytes[..bytes.len().min(enough)]
    };
    let text = String::from_utf8_lossy(start);
    let text = match serde_json::from_slice::<IgnoredAny>(start) {
        Ok(_) => block(&indented(&text), most),
        Err(_) => block(&text, most),
    };
    match packed {
        true => format!("({} bytes of gzip, unpacked)\n{text}", bytes.len()),
        false if text.ends_with('…') => format!("{text} ({} bytes in all)", bytes.len()),
        false => text,
    }
}

/// JSON on lines of its own for each member and item. Everything between stays as it was written: numbers, escapes
/// and keys that occur twice.
fn indented(json: &str) -> String {
    let mut text = String::new();
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    let mut rest = json.chars().peekable();
    let newline = |text: &mut String, depth: usize| {
        text.push('\n');
        text.extend(std::iter::repeat_n("  ", depth));
    };
    while let Some(c) = rest.next() {
        if in_string {
            text.push(c);
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
            continue;
        }
        match c {
            ' ' | '\n' | '\r' | '\t' => {}
            '{' | '[' => {
                text.push(c);
                while rest.next_if(|c| c.is_ascii_whitespace()).is_some() {}
                if let Some(end) = rest.next_if(|c| matches!(c, '}' | ']')) {
                    text.push(end);
                } else {
                    depth += 1;
                    newline(&mut text, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                newline(&mut text, depth);
                text.push(c);
            }
            ',' => {
                text.push(c);
                newline(&mut text, depth);
            }
            ':' => text.push_str(": "),
            '"' => {
                in_string = true;
                text.push(c);
            }
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_moves_a_cursor_or_reorders_text_is_escaped() {
        let text = "a\u{1b}[2J\u{7}\u{9b}31m\r\nb\u{202e}c\u{2066}";
        let expected = r"a\u{1b}[2J\u{7}\u{9b}31m\r\nb\u{202e}c\u{2066}";
        assert_eq!(line(text, 100), expected);
        assert_eq!(block("a\n\tb", 100), "a\n\\tb");
        assert_eq!(line("abc", 2), "ab…");
    }

    #[test]
    fn json_is_indented_and_keeps_what_it_says() {
        let text = r#"{"a":[1e400,2.0, {}],"a":"x,\"{","b":[ ]}"#;
        let expected = "{\n  \"a\": [\n    1e400,\n    2.0,\n    {}\n  ],\n  \"a\": \"x,\\\"{\",\n  \"b\": []\n}";
        assert_eq!(indented(text), expected);
    }

    proptest! {
        #[test]
        fn nothing_unsafe_is_left(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let shown = body(&bytes, 40);
            prop_assert!(!shown.chars().any(|c| is_unsafe(c) && c != '\n'), "{shown:?}");
        }
    }
}
