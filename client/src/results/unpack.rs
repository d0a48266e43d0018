//! Unpacking a results file: gzip, of one archive or several in a row, padded with zeros or not, and packed once more by
//! a store that compresses whatever it sends. What else a file may be is told by its first bytes.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use async_compression::tokio::bufread::GzipDecoder;
use bytes::Bytes;
use tokio::io::{AsyncBufRead, AsyncRead, BufReader, ReadBuf};
use tokio_util::io::StreamReader;

use super::download::Chunks;
use crate::response::BYTE_ORDER_MARK;

/// What gzip begins with; no text does.
const GZIP: u8 = 0x1f;

/// The contents of a file, unpacked as its bytes arrive.
pub(super) type Unpacked = Gunzip<BufReader<Gunzip<StreamReader<Chunks, Bytes>>>>;

pub(super) fn unpacked(file: Chunks) -> Unpacked {
    let once = Gunzip {
        state: State::Start(StreamReader::new(file)),
        may_be_plain: false,
    };
    Gunzip {
        state: State::Start(BufReader::new(once)),
        may_be_plain: true,
    }
}

/// A reader, unpacked.
pub(super) struct Gunzip<R> {
    state: State<R>,
    may_be_plain: bool,
}

enum State<R> {
    Start(R),
    Archive(GzipDecoder<R>),
    /// After an archive, where another one may follow.
    Between(R),
    Plain(R),
    Over,
}

/// What a file is instead of gzip.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error("it is empty")]
    Empty,
    #[error("it looks like an HTML page")]
    Html,
    #[error("it looks like an XML document, as stores' errors are")]
    Xml,
    #[error("it looks like JSON lines that are not compressed")]
    JsonLines,
    #[error("it is no gzip")]
    Other,
    #[error("what follows its last archive is no gzip")]
    Trailing,
}

impl Fault {
    fn of(start: &[u8]) -> Self {
        let text = start.strip_prefix(BYTE_ORDER_MARK).unwrap_or(start);
        let text = text.trim_ascii_start();
        let begins_with = |tag: &str| {
            text.get(..tag.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(tag.as_bytes()))
        };
        match text {
            [] if start.is_empty() => Self::Empty,
            _ if begins_with("<html") || begins_with("<!doctype html") => Self::Html,
            [b'<', ..] => Self::Xml,
            [b'{', ..] => Self::JsonLines,
            _ => Self::Other,
        }
    }
}

impl<R: AsyncBufRead + Unpin> AsyncRead for Gunzip<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        room: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let may_be_plain = self.may_be_plain;
        loop {
            // Where an error or the end leaves it.
            let state = std::mem::replace(&mut self.state, State::Over);
            self.state = match state {
                State::Start(mut reader) => match Pin::new(&mut reader).poll_fill_buf(cx)? {
                    Poll::Ready([GZIP, ..]) => State::Archive(GzipDecoder::new(reader)),
                    Poll::Ready(_) if may_be_plain => State::Plain(reader),
                    Poll::Ready(start) => {
                        return Poll::Ready(Err(io::Error::other(Fault::of(start))));
                    }
                    Poll::Pending => {
                        self.state = State::Start(reader);
                        return Poll::Pending;
                    }
                },
                State::Archive(mut decoder) => {
                    let before = room.filled().len();
                    let polled = Pin::new(&mut decoder).poll_read(cx, room)?;
                    if polled.is_pending() || room.filled().len() > before {
                        self.state = State::Archive(decoder);
                        return polled.map(Ok);
                    }
                    State::Between(decoder.into_inner())
                }
                State::Between(mut reader) => match Pin::new(&mut reader).poll_fill_buf(cx)? {
                    Poll::Ready([]) => return Poll::Ready(Ok(())),
                    Poll::Ready([GZIP, ..]) => State::Archive(GzipDecoder::new(reader)),
                    // Blocks of tapes and discs are filled up with zeros.
                    Poll::Ready(rest @ [0, ..]) => {
                        let zeros = rest.iter().take_while(|byte| **byte == 0).count();
                        Pin::new(&mut reader).consume(zeros);
                        State::Between(reader)
                    }
                    Poll::Ready(_) => return Poll::Ready(Err(io::Error::other(Fault::Trailing))),
                    Poll::Pending => {
                        self.state = State::Between(reader);
                        return Poll::Pending;
                    }
                },
                State::Plain(mut reader) => {
                    let polled = Pin::new(&mut reader).poll_read(cx, room);
                    self.state = State::Plain(reader);
                    return polled;
                }
                State::Over => return Poll::Ready(Ok(())),
            };
        }
    }
}
