//! Entries are read alike where they lie in the buffer and cut out of the file.

use std::io::BufReader;

use super::*;
use crate::traffic::entries::Entries;

/// How many entries can be read of these, and whether they end as they have to.
fn read_all(entries: &str, room: usize) -> (usize, bool) {
    let file = format!(r#"{{"log":{{"entries":[{entries}]}}}}"#);
    let file = BufReader::with_capacity(room, file.as_bytes());
    let (mut entries, place) = (Entries::open(file).expect("it is HAR"), Place::default());
    let mut count = 0;
    loop {
        match entries.next_read(|bytes| read_first(bytes, place)) {
            Err(_) => return (count, false),
            Ok(Some(_)) => count += 1,
            Ok(None) => match entries.next() {
                Err(_) => return (count, false),
                Ok(None) => return (count, true),
                Ok(Some(entry)) => count += usize::from(read(&entry, place).is_ok()),
            },
        }
    }
}

#[test]
fn entries_are_read_alike_where_they_lie_and_cut_out() {
    const ENTRY: &str = r#"{"startedDateTime":"2026-01-01T00:00:00Z","request":{"method":"GET","url":"https://a.example/batch"}}"#;
    for (entries, expected) in [
        (format!("{ENTRY},{ENTRY}"), (2, true)),
        (format!(" {ENTRY} ,\n{ENTRY} "), (2, true)),
        (format!("{ENTRY},{{\"time\":1}},{ENTRY}"), (2, true)),
        (format!("{ENTRY},,{ENTRY}"), (1, false)),
        (format!("{ENTRY},{}", &ENTRY[..40]), (1, false)),
        (String::new(), (0, true)),
    ] {
        // All of an entry is there at once, or never.
        for room in [1 << 20, 16] {
            assert_eq!(read_all(&entries, room), expected, "{room}: {entries}");
        }
    }
}
