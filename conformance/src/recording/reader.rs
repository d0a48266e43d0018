//! Reads a recording, line by line.

use std::io::{self, BufRead, Read};

use super::line::{Header, Line, SCHEMA};
use crate::exchange::Exchange;

/// The most bytes of a line. The longest that a recorder writes, of a body of 4 MiB in base64 on both sides, is far below it.
const LINE_LIMIT: u64 = 64 << 20;

/// Why a recording can't be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The source can't be read.
    #[error("the recording can't be read")]
    Io(#[from] io::Error),
    /// A line is not of the form described above.
    #[error("line {line} of the recording is not one of {SCHEMA}")]
    Line {
        /// Number of the line, from 1.
        line: usize,
        /// What is wrong with it.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// There are fewer exchanges than the header says.
    #[error("the recording is cut off: {found} of {expected} exchanges")]
    CutOff {
        /// Exchanges that are there.
        found: usize,
        /// Exchanges that the header speaks of.
        expected: usize,
    },
}

/// Reads a recording, one exchange after the other.
#[derive(Debug)]
pub struct Reader<R> {
    /// The header.
    pub header: Header,
    from: R,
    /// Number of the line that was read last, from 1.
    line: usize,
    ended: bool,
    text: Vec<u8>,
}

/// Reads what a [`Recorder`](super::Recorder) wrote: the header at once, each exchange when the reader is asked for it.
///
/// # Errors
///
/// When it can't be read, or does not begin with a header of this form: see [`ReadError`].
pub fn read<R: BufRead>(mut from: R) -> Result<Reader<R>, ReadError> {
    let mut text = Vec::new();
    read_line(&mut from, 1, &mut text)?;
    if text.is_empty() {
        return Err(ReadError::at(1, "the recording is empty"));
    }
    let header: Header = serde_json::from_slice(&text).map_err(|error| ReadError::at(1, error))?;
    if header.schema != SCHEMA {
        return Err(ReadError::at(1, format!("its schema is {}", header.schema)));
    }
    Ok(Reader {
        header,
        from,
        line: 1,
        ended: false,
        text,
    })
}

/// After an error there is nothing more.
impl<R: BufRead> Iterator for Reader<R> {
    type Item = Result<Exchange, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.exchange().transpose();
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }
}

impl<R: BufRead> Reader<R> {
    fn exchange(&mut self) -> Result<Option<Exchange>, ReadError> {
        read_line(&mut self.from, self.line + 1, &mut self.text)?;
        if self.text.is_empty() {
            let found = self.line - 1;
            return match self.header.exchanges {
                Some(expected) if expected != found => Err(ReadError::CutOff { found, expected }),
                _ => Ok(None),
            };
        }
        self.line += 1;
        let line: Line =
            serde_json::from_slice(&self.text).map_err(|error| ReadError::at(self.line, error))?;
        let exchange = line.into_exchange();
        exchange
            .map(Some)
            .map_err(|error| ReadError::at(self.line, error))
    }
}

/// Reads the next line, of which nothing is there at the end.
fn read_line(from: &mut impl BufRead, number: usize, line: &mut Vec<u8>) -> Result<(), ReadError> {
    line.clear();
    from.take(LINE_LIMIT + 1).read_until(b'\n', line)?;
    if line.len() as u64 > LINE_LIMIT {
        let reason = format!("it is longer than {LINE_LIMIT} bytes");
        return Err(ReadError::at(number, reason));
    }
    Ok(())
}

impl ReadError {
    fn at(line: usize, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Line {
            line,
            source: source.into(),
        }
    }
}
