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
            text: Vec::new(),
        };
        entries.expect(b'{', "object")?;
        entries.enter("log", b'{')?;
        entries.enter("entries", b'[')?;
        Ok(entries)
    }

    /// The next entry; `None` behind the last.
    pub(super) fn next(&mut self) -> Result<Option<EntryText<'_>>, EntriesError> {
        if self.ended {
            return Ok(None);
        }
        // After an error there is nothing more.
        self.ended = true;
        if self.peek()? == b',' {
            self.skip(1);
        }
        if self.peek()? == b']' {
            return Ok(None);
        }
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
        let (mut depth, mut shortened) = (0usize, false);
        self.text.clear();
        loop {
            match self.byte()? {
                b'"' => shortened |= self.string()?,
                b'{' | b'[' => {
                    depth += 1;
                    self.keep(1)?;
                }
                b'}' | b']' if depth > 0 => {
                    depth -= 1;
                    self.keep(1)?;
                }
                b',' | b'}' | b']' if depth == 0 => return Err(self.unexpected("value")),
                _ => self.plain()?,
            }
            if self.text.len() > MOST_ENTRY {
                return Err(EntriesError::TooLarge(begin));
            }
            if depth == 0 {
                return Ok(shortened);
            }
        }
    }

    /// Reads up to the next byte that gives a value its structure, and at least one.
    fn plain(&mut self) -> Result<(), EntriesError> {
        loop {
            let bytes = self.from.fill_buf()?;
            let is_structure = |byte: &u8| matches!(byte, b'"' | b'{' | b'[' | b'}' | b']' | b',');
            let more = bytes.iter().skip(1).position(is_structure);
            match more {
                Some(more) => return self.keep(more + 1),
                None if bytes.is_empty() => return Err(EntriesError::CutOff(self.at)),
                None => {
                    let all = bytes.len();
                    self.keep(all)?;
                }
            }
            if is_structure(&self.byte()?) {
                return Ok(());
            }
        }
    }

    /// Reads a string, with its quotes; whether it was too long, and is left empty.
    fn string(&mut self) -> Result<bool, EntriesError> {
        let begin = self.text.len();
        self.keep(1)?;
        let mut too_long = false;
        loop {
            let bytes = self.from.fill_buf()?;
            if bytes.is_empty() {
                return Err(EntriesError::CutOff(self.at));
            }
            match memchr2(b'"', b'\\', bytes) {
                Some(end) if bytes[end] == b'"' => {
                    self.keep(end + 1)?;
                    break;
                }
                Some(end) => {
                    self.keep(end + 1)?;
                    self.byte()?;
                    self.keep(1)?;
                }
                None => {
                    let all = bytes.len();
                    self.keep(all)?;
                }
            }
            if self.text.len() - begin > MOST_STRING {
                too_long = true;
                self.text.truncate(begin + 1);
            }
        }
        if too_long {
            self.text.truncate(begin + 1);
            self.text.push(b'"');
        }
        Ok(too_long)
    }

    /// Takes so many of the bytes that are there.
    fn keep(&mut self, bytes: usize) -> Result<(), EntriesError> {
        let there = self.from.fill_buf()?;
        self.text
            .extend_from_slice(&there[..bytes.min(there.len())]);
        self.skip(bytes);
        Ok(())
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
