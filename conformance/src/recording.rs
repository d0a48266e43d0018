//! Recordings: exchanges as lines of JSON, to be read by people and tools and to be judged again. What is in a
//! line is all that a check looks at, so a recording is judged as the run was.
//!
//! The first line is the [`Header`], padded with spaces since it is written again at the end; each further line is a
//! [`Line`]. A reader ignores keys that it does
//! not know. A body or header value that is UTF-8 is a JSON string, any other an object `{"base64": "…"}`. The
//! key is never in a recording: [`KEY_PLACEHOLDER`](crate::exchange::KEY_PLACEHOLDER) stands where it was sent.

use std::fmt;
use std::io::{self, BufRead, BufWriter, Seek, Write};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde::{Deserialize, Serialize};

use crate::exchange::{Exchange, Failure, FailureKind, Request, Response};

/// Names the form of a recording. A new number means that readers must change.
pub const SCHEMA: &str = "crustdata-conformance/exchanges/1";

/// The first line: where the exchanges are from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// Base URL of the server; the paths of the requests are relative to it.
    pub base_url: String,
    /// What came of judging them, where they were judged; for information.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
    /// How many lines follow; fewer mean that the recording is cut off. Absent until it is finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchanges: Option<usize>,
}

/// One exchange.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Number of the exchange, from 0: what findings and jobs refer to.
    pub n: usize,
    /// From the start of the run to the sending, in microseconds.
    pub sent_after_us: u64,
    /// From the sending to the last byte of the response, in microseconds.
    pub took_us: u64,
    /// The request.
    pub request: RequestLine,
    /// The response, where one arrived whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<ResponseLine>,
    /// Why there is no response, where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<FailureLine>,
}

/// A request as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestLine {
    /// HTTP method.
    pub method: String,
    /// Path and query; or the whole address, where it is outside the API.
    pub path: String,
    /// Names and values, in their order.
    pub headers: Vec<(String, Text)>,
    /// Body; empty where none was sent.
    pub body: Text,
}

/// A response that arrived whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseLine {
    /// Status code.
    pub status: u16,
    /// Names and values, in their order.
    pub headers: Vec<(String, Text)>,
    /// Body, with any content encoding undone.
    pub body: Text,
}

/// Why a request has no response that can be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureLine {
    /// What kind of failure it is.
    pub kind: FailureKind,
    /// The status, where the head of the response still came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// In words.
    pub detail: String,
}

/// Bytes, as text where they are UTF-8.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Text {
    /// UTF-8.
    Utf8(String),
    /// Anything else.
    Base64 {
        /// The bytes in Base64, with padding.
        base64: String,
    },
}

/// What a recording is written to: a file, or memory.
pub trait Sink: Write + Seek + fmt::Debug + Send {}

impl<T: Write + Seek + fmt::Debug + Send> Sink for T {}

/// Writes a recording as exchanges happen. An error is kept until [`Recorder::finish`]: a run goes on without its
/// recording.
#[derive(Debug)]
pub struct Recorder {
    out: BufWriter<Box<dyn Sink>>,
    base_url: String,
    exchanges: usize,
    written: io::Result<()>,
}

/// Room for all of a header but the base URL.
const HEADER: usize = 160;

impl Recorder {
    /// A recording of exchanges with the server of this base URL. Until it is finished, its header has no count.
    pub fn new(out: impl Sink + 'static, base_url: &str) -> Self {
        let mut recorder = Self {
            out: BufWriter::new(Box::new(out)),
            base_url: base_url.to_owned(),
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
        let width = self.base_url.len() + HEADER;
        writeln!(self.out, "{header:width$}")
    }
}

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
    text: String,
}

/// Reads what a [`Recorder`] wrote: the header at once, each exchange when the reader is asked for it.
///
/// # Errors
///
/// When it can't be read, or does not begin with a header of this form: see [`ReadError`].
pub fn read<R: BufRead>(mut from: R) -> Result<Reader<R>, ReadError> {
    let mut text = String::new();
    from.read_line(&mut text)?;
    if text.is_empty() {
        return Err(ReadError::at(1, "the recording is empty"));
    }
    let header: Header = serde_json::from_str(&text).map_err(|error| ReadError::at(1, error))?;
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
        self.text.clear();
        if self.from.read_line(&mut self.text)? == 0 {
            let found = self.line - 1;
            return match self.header.exchanges {
                Some(expected) if expected != found => Err(ReadError::CutOff { found, expected }),
                _ => Ok(None),
            };
        }
        self.line += 1;
        let line: Line =
            serde_json::from_str(&self.text).map_err(|error| ReadError::at(self.line, error))?;
        let exchange = line.into_exchange();
        exchange
            .map(Some)
            .map_err(|error| ReadError::at(self.line, error))
    }
}

impl ReadError {
    fn at(line: usize, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Line {
            line,
            source: source.into(),
        }
    }
}

impl Line {
    fn of(n: usize, exchange: &Exchange) -> Self {
        let request = &exchange.request;
        Self {
            n,
            sent_after_us: microseconds(exchange.sent_after),
            took_us: microseconds(exchange.took),
            request: RequestLine {
                method: request.method.to_string(),
                path: request.destination.to_string(),
                headers: pairs(&request.headers),
                body: Text::of(&request.body),
            },
            response: exchange.outcome.as_ref().ok().map(|response| ResponseLine {
                status: response.status.as_u16(),
                headers: pairs(&response.headers),
                body: Text::of(&response.body),
            }),
            failure: exchange.outcome.as_ref().err().map(|failure| FailureLine {
                kind: failure.kind,
                status: failure.status.map(|status| status.as_u16()),
                detail: failure.detail.clone(),
            }),
        }
    }

    fn into_exchange(self) -> Result<Exchange, Box<dyn std::error::Error + Send + Sync>> {
        let outcome = match (self.response, self.failure) {
            (Some(response), None) => Ok(Response::new(
                StatusCode::from_u16(response.status)?,
                headers(response.headers)?,
                response.body.into_bytes()?,
            )),
            (None, Some(failure)) => Err(Failure {
                kind: failure.kind,
                status: failure.status.map(StatusCode::from_u16).transpose()?,
                detail: failure.detail,
            }),
            _ => return Err("it needs either `response` or `failure`".into()),
        };
        Ok(Exchange {
            request: Request::new(
                Method::from_bytes(self.request.method.as_bytes())?,
                self.request.path,
                headers(self.request.headers)?,
                self.request.body.into_bytes()?,
            ),
            outcome,
            sent_after: Duration::from_micros(self.sent_after_us),
            took: Duration::from_micros(self.took_us),
        })
    }
}

impl Text {
    fn of(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Utf8(text.to_owned()),
            Err(_) => Self::Base64 {
                base64: BASE64_STANDARD.encode(bytes),
            },
        }
    }

    fn into_bytes(self) -> Result<Bytes, base64::DecodeError> {
        Ok(match self {
            Self::Utf8(text) => text.into(),
            Self::Base64 { base64 } => BASE64_STANDARD.decode(base64)?.into(),
        })
    }
}

fn microseconds(duration: Duration) -> u64 {
    duration.as_micros().try_into().unwrap_or(u64::MAX)
}

fn pairs(headers: &HeaderMap) -> Vec<(String, Text)> {
    headers
        .iter()
        .map(|(name, value)| (name.to_string(), Text::of(value.as_bytes())))
        .collect()
}

fn headers(
    pairs: Vec<(String, Text)>,
) -> Result<HeaderMap, Box<dyn std::error::Error + Send + Sync>> {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        let value = HeaderValue::from_bytes(&value.into_bytes()?)?;
        headers.append(HeaderName::from_bytes(name.as_bytes())?, value);
    }
    Ok(headers)
}
