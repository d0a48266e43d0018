//! Reads a recording, line by line.

use std::io::{self, BufRead, Read};

use super::line::{Header, Line, SCHEMA};
use crate::exchange::Exchange;

/// The most bytes of a line. The longest that a recorder writes, of a results file of 64 MiB in base64, is far below it.
const LINE_LIMIT: u64 = 256 << 20;

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
    read_line(&mut from, 1, &mut text, LINE_LIMIT)?;
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
        read_line(&mut self.from, self.line + 1, &mut self.text, LINE_LIMIT)?;
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

/// Reads the next line, which is empty at the end.
fn read_line(
    from: &mut impl BufRead,
    number: usize,
    line: &mut Vec<u8>,
    limit: u64,
) -> Result<(), ReadError> {
    line.clear();
    from.take(limit + 1).read_until(b'\n', line)?;
    if line.len() as u64 > limit {
        let reason = format!("it is longer than {limit} bytes");
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_a_bound() {
        let (mut from, mut line) = (&b"1234\n12345\n"[..], Vec::new());
        read_line(&mut from, 1, &mut line, 5).unwrap();
        assert_eq!(line, b"1234\n");
        let error = read_line(&mut from, 2, &mut line, 5).unwrap_err();
        assert!(matches!(error, ReadError::Line { line: 2, .. }), "{error}");
    }

    #[test]
    fn a_line_that_is_no_text_is_refused_with_its_number() {
        let header = format!("{{\"schema\":\"{SCHEMA}\",\"base_url\":\"http://127.0.0.1/\"}}\n");
        let recording = [header.as_bytes(), b"\xff\n"].concat();
        let mut reader = read(&recording[..]).unwrap();
        let error = reader.next().unwrap().unwrap_err();
        assert!(matches!(error, ReadError::Line { line: 2, .. }), "{error}");
        assert!(reader.next().is_none());
    }
}
