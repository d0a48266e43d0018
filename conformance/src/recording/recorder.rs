//! Writes a recording, line by line.

use std::fmt;
use std::io::{self, BufWriter, Seek, Write};

use super::line::{Header, Line, SCHEMA};
use crate::exchange::Exchange;

/// What a recording is written to: a file, or memory.
pub trait Sink: Write + Seek + fmt::Debug + Send {}

impl<T: Write + Seek + fmt::Debug + Send> Sink for T {}

/// Writes a recording as exchanges happen. An error is kept until [`Recorder::finish`]: a run goes on without its
/// recording.
#[derive(Debug)]
pub struct Recorder {
    out: BufWriter<Box<dyn Sink>>,
    base_url: String,
    /// The length of the header's line.
    width: usize,
    exchanges: usize,
    written: io::Result<()>,
}

/// Room for all of a header but the base URL.
const HEADER: usize = 160;

/// Room for the base URL of a server that is not known yet.
const UNNAMED: usize = 400;

impl Recorder {
    /// A recording of exchanges with the server of this base URL. Until it is finished, its header has no count.
    pub fn new(out: impl Sink + 'static, base_url: &str) -> Self {
        Self::begin(out, base_url, base_url.len())
    }

    /// A recording of exchanges with a server that has no name until [`Recorder::name`] gives it one.
    pub fn unnamed(out: impl Sink + 'static) -> Self {
        Self::begin(out, "", UNNAMED)
    }

    /// Names the server by its base URL, where it has no name yet. A URL for which there is no room is left out.
    pub fn name(&mut self, base_url: &str) {
        if self.base_url.is_empty() && base_url.len() <= UNNAMED {
            base_url.clone_into(&mut self.base_url);
        }
    }

    fn begin(out: impl Sink + 'static, base_url: &str, room: usize) -> Self {
        let mut recorder = Self {
            out: BufWriter::new(Box::new(out)),
            base_url: base_url.to_owned(),
            width: HEADER + room,
            exchanges: 0,
            written: Ok(()),
        };
        recorder.written = recorder.header(None, None);
        recorder
    }

    /// Writes an exchange, which has this number.
    pub fn push(&mut self, n: usize, exchange: &Exchange) {
        self.exchanges += 1;
        if self.written.is_ok() {
            self.written = serde_json::to_writer(&mut self.out, &Line::of(n, exchange))
                .map_err(io::Error::from)
                .and_then(|()| writeln!(self.out));
        }
    }

    /// Writes the header once more, now that the verdict and the count are known.
    ///
    /// # Errors
    ///
    /// When the recording could not be written, now or before.
    pub fn finish(mut self, verdict: Option<&str>) -> io::Result<()> {
        std::mem::replace(&mut self.written, Ok(()))?;
        self.out.rewind()?;
        self.header(verdict, Some(self.exchanges))?;
        self.out.flush()
    }

    /// The header in its line, which is as long for every count and verdict.
    fn header(&mut self, verdict: Option<&str>, exchanges: Option<usize>) -> io::Result<()> {
        let header = Header {
            schema: SCHEMA.to_owned(),
            base_url: self.base_url.clone(),
            verdict: verdict.map(str::to_owned),
            exchanges,
        };
        let header = serde_json::to_string(&header)?;
        writeln!(self.out, "{header:width$}", width = self.width)
    }
}
