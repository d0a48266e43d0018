//! Where quotes in a CSV file are not as they have to be, which its reader puts up with: what comes after a closing quote, and a
//! quote that is never closed.

use std::io::{self, Read};

/// Passes bytes on, and notes where a quote is wrong.
pub(super) struct Quotes<R> {
    inner: R,
    delimiter: u8,
    at: At,
    /// How many bytes there were.
    read: u64,
    /// The places of bytes that are wrong, in order.
    wrong: Vec<u64>,
}

/// What the next byte is.
#[derive(Clone, Copy)]
enum At {
    /// The first of a cell.
    Start,
    /// One of a cell without quotes, in which others are text.
    Bare,
    /// One of a cell in quotes.
    Quoted,
    /// What follows a quote in one: its end, or a second quote that stands for text.
    Closed,
}

impl<R> Quotes<R> {
    pub(super) fn new(inner: R, delimiter: u8) -> Self {
        Self {
            inner,
            delimiter,
            at: At::Start,
            read: 0,
            wrong: Vec::new(),
        }
    }

    /// Whether a quote is wrong from this place on and up to that one. What comes before is not asked for again.
    pub(super) fn are_wrong(&mut self, from: u64, to: u64) -> bool {
        let before = self.wrong.partition_point(|place| *place <= to);
        self.wrong.drain(..before).any(|place| place >= from)
    }

    fn note(&mut self, byte: u8) {
        self.at = match (self.at, byte) {
            (At::Quoted, b'"') => At::Closed,
            (At::Quoted, _) | (At::Start | At::Closed, b'"') => At::Quoted,
            (_, b'\n' | b'\r') => At::Start,
            (_, byte) if byte == self.delimiter => At::Start,
            (At::Closed, _) => {
                self.wrong.push(self.read);
                At::Bare
            }
            _ => At::Bare,
        };
        self.read += 1;
    }
}

impl<R: Read> Read for Quotes<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(bytes)?;
        bytes[..count].iter().for_each(|byte| self.note(*byte));
        if count == 0 && !bytes.is_empty() && matches!(self.at, At::Quoted) {
            self.wrong.push(self.read);
            self.at = At::Bare;
        }
        Ok(count)
    }
}
