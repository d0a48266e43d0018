//! Reads the entries of a HAR file one after the other: the text of each, never the whole file. What an entry says is
//! read in `har`.
//!
//! A JSON library reads a string whole, however long, and can't go on behind an entry that it does not understand.
//! So the text is only cut into values here, and the library reads each of them.

use std::io::{self, BufRead};

use memchr::memchr2;

/// The most bytes of one string that are kept, escapes included: a longer one is left empty.
const MOST_STRING: usize = 16 << 20;
/// The most bytes of one entry.
const MOST_ENTRY: usize = 3 * MOST_STRING;

/// Why no further entry can be read.
#[derive(Debug, thiserror::Error)]
pub enum EntriesError {
    /// The source can't be read.
    #[error("it can't be read")]
    Io(#[from] io::Error),
    /// It ends within `log.entries`.
    #[error("it is cut off after byte {0}, in the middle of `log.entries`")]
    CutOff(u64),
    /// There is something else than a HAR file has there.
    #[error("it is not HAR: no {expected} at byte {at}")]
    Unexpected {
        /// What had to come.
        expected: &'static str,
        /// Where, from 0.
        at: u64,
    },
    /// An entry is larger than any exchange with this API.
    #[error("the entry at byte {0} is larger than {MOST_ENTRY} bytes")]
    TooLarge(u64),
}

/// The entries of a HAR file.
#[derive(Debug)]
pub(super) struct Entries<R> {
    from: R,
    /// Bytes that were read.
    at: u64,
    ended: bool,
    /// Whether what comes next is an entry.
    at_next: bool,
    /// The entry that was read last.
    text: Vec<u8>,
}

/// The text of an entry.
#[derive(Debug)]
pub(super) struct EntryText<'a> {
    pub(super) text: &'a [u8],
    /// Where it begins in the file, from 0.
    pub(super) at: u64,
    /// Whether a string in it was too long to be kept.
    pub(super) shortened: bool,
}

impl<R: BufRead> Entries<R> {
    /// Goes to `log.entries`.
    pub(super) fn open(from: R) -> Result<Self, EntriesError> {
        let mut entries = Self {
            from,
            at: 0,
            ended: false,
            at_next: false,
            text: Vec::new(),
        };
        entries.expect(b'{', "object")?;
        entries.enter("log", b'{')?;
        entries.enter("entries", b'[')?;
        Ok(entries)
    }

    /// What `read` makes of the next entry, which says how long it is. It is given bytes that begin with the entry, and may
    /// end before it does: then, and where the entry is not as it has to be, it says nothing, and nothing is passed.
    /// That an entry is cut out only to be read is saved for nearly all of them.
    pub(super) fn next_read<T>(
        &mut self,
        read: impl FnOnce(&[u8]) -> Option<(T, usize)>,
    ) -> Result<Option<T>, EntriesError> {
        if !self.go_to_next()? {
            return Ok(None);
        }
        let Some((entry, length)) = read(self.from.fill_buf()?) else {
            return Ok(None);
        };
        self.skip(length);
        self.at_next = false;
        Ok(Some(entry))
    }

    /// Goes to the next entry, and says whether there is one.
    fn go_to_next(&mut self) -> Result<bool, EntriesError> {
        if self.at_next || self.ended {
            return Ok(self.at_next);
        }
        // After an error there is nothing more.
        self.ended = true;
        if self.peek()? == b',' {
            self.skip(1);
        }
        if self.peek()? == b']' {
            return Ok(false);
        }
        (self.ended, self.at_next) = (false, true);
        Ok(true)
    }

    /// The next entry; `None` behind the last.
    pub(super) fn next(&mut self) -> Result<Option<EntryText<'_>>, EntriesError> {
        if !self.go_to_next()? {
            return Ok(None);
        }
        (self.ended, self.at_next) = (true, false);
        let at = self.at;
        let shortened = self.value()?;
        self.ended = false;
        let text = &self.text[..];
        Ok(Some(EntryText {
            text,
            at,
            shortened,
        }))
    }

    /// Goes into the value of the member `name` of the object that was begun; it begins with `with`.
    fn enter(&mut self, name: &'static str, with: u8) -> Result<(), EntriesError> {
        loop {
            if self.peek()? == b',' {
                self.skip(1);
            }
            if self.peek()? != b'"' {
                return Err(self.unexpected(name));
            }
            self.value()?;
            let is_it = self.text.get(1..self.text.len() - 1) == Some(name.as_bytes());
            self.expect(b':', "colon")?;
            if is_it {
                return self.expect(with, name);
            }
            self.peek()?;
            self.value()?;
        }
    }

    /// Reads the value that begins here into the text; whether a string in it was left empty.
    fn value(&mut self) -> Result<bool, EntriesError> {
        let begin = self.at;
        let mut cut = Cut::default();
        self.text.clear();
        loop {
            let bytes = self.from.fill_buf()?;
            if bytes.is_empty() {
                return Err(EntriesError::CutOff(self.at));
            }
            let (taken, end) = cut.take(bytes, &mut self.text);
            self.skip(taken);
            match end {
                Some(End::Over) => return Ok(cut.shortened),
                Some(End::NoValue) => return Err(self.unexpected("value")),
                None => {}
            }
            if self.text.len() > MOST_ENTRY {
                return Err(EntriesError::TooLarge(begin));
            }
        }
    }

    /// The next byte that is no white space.
    fn peek(&mut self) -> Result<u8, EntriesError> {
        loop {
            let byte = self.byte()?;
            if !byte.is_ascii_whitespace() {
                return Ok(byte);
            }
            self.skip(1);
        }
    }

    /// The next byte.
    fn byte(&mut self) -> Result<u8, EntriesError> {
        let first = self.from.fill_buf()?.first().copied();
        first.ok_or(EntriesError::CutOff(self.at))
    }

    fn skip(&mut self, bytes: usize) {
        self.from.consume(bytes);
        self.at += bytes as u64;
    }

    fn expect(&mut self, byte: u8, expected: &'static str) -> Result<(), EntriesError> {
        if self.peek()? != byte {
            return Err(self.unexpected(expected));
        }
        self.skip(1);
        Ok(())
    }

    fn unexpected(&self, expected: &'static str) -> EntriesError {
        EntriesError::Unexpected {
            expected,
            at: self.at,
        }
    }
}

/// How far a value is cut out.
#[derive(Debug, Default)]
struct Cut {
    depth: usize,
    /// Where in the text the string began that is under way.
    string: Option<usize>,
    /// Whether the next byte is part of an escape.
    escaped: bool,
    /// Whether that string is too long, and what follows of it is left out.
    too_long: bool,
    /// Whether a string was.
    shortened: bool,
}

/// Why nothing more of a value follows.
#[derive(Debug)]
enum End {
    Over,
    /// There was none.
    NoValue,
}

impl Cut {
    /// Takes of these bytes what belongs to the value, and puts it behind `text`: how many there are, and whether that
    /// was all.
    fn take(&mut self, bytes: &[u8], text: &mut Vec<u8>) -> (usize, Option<End>) {
        // Up to `kept`, bytes are in the text; up to `at`, they belong to the value.
        let (mut kept, mut at, mut end) = (0, 0, None);
        while end.is_none() && at < bytes.len() {
            if let Some(string) = self.string {
                at += self.in_string(&bytes[at..]);
                if self.string.is_none() {
                    if self.too_long {
                        text.truncate(string + 1);
                        kept = at - 1;
                        (self.too_long, self.shortened) = (false, true);
                    }
                    end = (self.depth == 0).then_some(End::Over);
                }
                continue;
            }
            match bytes[at] {
                b'"' => self.string = Some(text.len() + at - kept),
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth > 0 => {
                    self.depth -= 1;
                    end = (self.depth == 0).then_some(End::Over);
                }
                // Behind a value that is no string, object or list.
                b',' | b'}' | b']' if self.depth == 0 => {
                    let is_none = text.is_empty() && at == kept;
                    end = Some(if is_none { End::NoValue } else { End::Over });
                    break;
                }
                _ => {}
            }
            at += 1;
        }
        if !self.too_long {
            text.extend_from_slice(&bytes[kept..at]);
        }
        if let Some(string) = self.string
            && text.len() - string > MOST_STRING
        {
            self.too_long = true;
            text.truncate(string + 1);
        }
        (at, end)
    }

    /// How many of these bytes belong to the string that is under way.
    fn in_string(&mut self, bytes: &[u8]) -> usize {
        let mut at = 0;
        if std::mem::take(&mut self.escaped) {
            at = 1;
        }
        while let Some(found) = memchr2(b'"', b'\\', &bytes[at..]) {
            at += found + 1;
            if bytes[at - 1] == b'"' {
                self.string = None;
                return at;
            }
            if at == bytes.len() {
                self.escaped = true;
                return at;
            }
            at += 1;
        }
        bytes.len()
    }
}
