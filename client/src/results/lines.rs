//! Cutting a stream of bytes into lines, in memory that the longest line bounds.

use std::io;
use std::mem::take;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use memchr::memchr;
use tokio::io::{AsyncRead, ReadBuf};

/// Bytes that are read at a time, and that the buffer has at first.
const BUFFER_SIZE: usize = 64 << 10;
/// Times that more is read in one poll: what there is nothing to hand out of must not keep other tasks waiting.
const READS_MAX: u32 = 32;
/// Bytes of a line that is too long that are kept for people to look at.
const START_KEPT: usize = 1_000;

/// A reader, line by line.
pub(super) struct Lines<R> {
    reader: R,
    buffer: Vec<u8>,
    /// Where the line begins that has not been handed out yet.
    start: usize,
    /// Up to where that line is known to have no end.
    scanned: usize,
    /// Where what was read ends.
    end: usize,
    /// Lines so far.
    number: u64,
    limit: usize,
    /// Times that more may be read in this poll.
    reads_left: u32,
    /// Whether the rest of a line that is too long is being left out.
    skips: bool,
    is_at_end: bool,
}

/// A line, without its end. Lines are counted from 1; blank ones count, and are left out.
pub(super) enum Line<'a> {
    Whole { number: u64, text: &'a [u8] },
    TooLong { number: u64, start: Vec<u8> },
}

impl<R: AsyncRead + Unpin> Lines<R> {
    pub(super) fn new(reader: R, limit: usize) -> Self {
        Self {
            reader,
            buffer: vec![0; BUFFER_SIZE],
            start: 0,
            scanned: 0,
            end: 0,
            number: 0,
            limit,
            reads_left: READS_MAX,
            skips: false,
            is_at_end: false,
        }
    }

    pub(super) fn set_limit(&mut self, bytes: usize) {
        self.limit = bytes;
    }

    /// Says that a poll of the whole begins, in which several lines may be asked for.
    pub(super) fn begin_poll(&mut self) {
        self.reads_left = READS_MAX;
    }

    /// The next line; none at the end.
    pub(super) fn poll_line(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Option<Line<'_>>>> {
        loop {
            let line_end = memchr(b'\n', &self.buffer[self.scanned..self.end]);
            let line = if let Some(length) = line_end {
                let line = self.start..self.scanned + length;
                (self.start, self.scanned) = (line.end + 1, line.end + 1);
                line
            } else {
                self.scanned = self.end;
                if (self.skips || self.end - self.start > self.limit)
                    && let Some(line) = self.leave_out()
                {
                    return Poll::Ready(Ok(Some(line)));
                }
                if !self.is_at_end {
                    let Some(reads_left) = self.reads_left.checked_sub(1) else {
                        cx.waker().wake_by_ref();
                        return Poll::Pending;
                    };
                    self.reads_left = reads_left;
                    ready!(self.poll_read(cx))?;
                    continue;
                }
                if self.start == self.end {
                    return Poll::Ready(Ok(None));
                }
                let line = self.start..self.end;
                self.start = self.end;
                line
            };
            self.number += 1;
            let number = self.number;
            if take(&mut self.skips) || self.buffer[line.clone()].trim_ascii().is_empty() {
                continue;
            }
            if line.len() > self.limit {
                let start = kept(&self.buffer[line]);
                return Poll::Ready(Ok(Some(Line::TooLong { number, start })));
            }
            let text = &self.buffer[line];
            return Poll::Ready(Ok(Some(Line::Whole { number, text })));
        }
    }

    /// What was read of a line whose end was not; nothing of one that is too long.
    pub(super) fn rest(&self) -> &[u8] {
        match self.skips {
            true => &[],
            false => &self.buffer[self.start..self.end],
        }
    }

    /// Forgets what was read of a line that is too long. Hands it out the first time.
    fn leave_out(&mut self) -> Option<Line<'static>> {
        let start = kept(&self.buffer[self.start..self.end]);
        (self.start, self.scanned, self.end) = (0, 0, 0);
        let number = self.number + 1;
        let is_first = !std::mem::replace(&mut self.skips, true);
        is_first.then_some(Line::TooLong { number, start })
    }

    /// Reads some more, in place of lines that have been handed out where there are any.
    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.end == self.buffer.len() {
            if self.start > 0 {
                self.buffer.copy_within(self.start..self.end, 0);
                self.scanned -= self.start;
                self.end -= self.start;
                self.start = 0;
            } else {
                self.buffer.resize(2 * self.end, 0);
            }
        }
        let mut room = ReadBuf::new(&mut self.buffer[self.end..]);
        ready!(Pin::new(&mut self.reader).poll_read(cx, &mut room))?;
        let count = room.filled().len();
        self.end += count;
        self.is_at_end = count == 0;
        Poll::Ready(Ok(()))
    }
}

fn kept(line: &[u8]) -> Vec<u8> {
    line[..line.len().min(START_KEPT)].to_vec()
}
