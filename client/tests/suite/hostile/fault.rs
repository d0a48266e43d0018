//! What may be wrong with a response as bytes, whatever it says: its framing, and where and how it ends. Its head is in
//! `head`.

use fastrand::Rng;

use super::head::{early, odd_headers, pace};

/// What the server does once it has sent the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// Reads the next request.
    Keep,
    Close,
    Reset,
    /// Sends nothing more, and keeps the connection open.
    Stall,
    /// Sends the rest so slowly that it takes longer than the client waits.
    Drip,
    /// Sends a body without end.
    Flood,
}

/// A response on its way.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) bytes: Vec<u8>,
    /// Bytes that are sent before the ending.
    pub(super) cut: usize,
    /// Whether they are sent a few at a time.
    pub(super) is_slow: bool,
    pub(super) ending: Ending,
    /// Whether the whole of the response reaches a compliant client, and says what the server means.
    pub(super) is_whole: bool,
    /// Whether anything about it is out of the ordinary: its bytes, or what they say.
    pub(super) is_fault: bool,
    /// Whether it may make the client wait longer than a case takes.
    pub(super) is_pacing: bool,
}

impl Reply {
    /// The same, whose bytes may be in order, but which says what no compliant server says.
    pub(super) fn odd_if(mut self, is_odd: bool) -> Self {
        self.is_fault |= is_odd;
        self
    }
}

/// The response with these lines in its head, each with its line end.
pub(super) fn reply(random: &mut Rng, status: u16, headers: &str, body: &[u8]) -> Reply {
    let mut reply = framed(random, status, headers, body);
    if random.u8(..10) < 3 {
        // At each byte alike, and at the ends of either part more often.
        let length = reply.bytes.len();
        let end = match random.u8(..8) {
            0 => 0,
            1 => length - body.len().min(length),
            2 => length.saturating_sub(1),
            _ => random.usize(..=length),
        };
        reply.cut = end.min(length);
        // The last two take a time-out each.
        reply.ending = match random.u8(..12) {
            0..=5 => Ending::Close,
            6..=9 => Ending::Reset,
            10 => Ending::Stall,
            _ => Ending::Drip,
        };
        reply.is_whole = false;
        reply.is_fault = true;
    }
    reply.is_slow = reply.bytes.len() < 5_000 && random.u8(..10) == 0;
    reply
}

/// A response without a fault.
pub(super) fn plain(status: u16, headers: &str, body: &[u8]) -> Reply {
    let length = body.len();
    let head = format!("HTTP/1.1 {status} -\r\n{headers}content-length: {length}\r\n\r\n");
    let bytes = [head.as_bytes(), body].concat();
    Reply {
        cut: bytes.len(),
        bytes,
        is_slow: false,
        ending: Ending::Keep,
        is_whole: true,
        is_fault: false,
        is_pacing: false,
    }
}

fn framed(random: &mut Rng, status: u16, headers: &str, body: &[u8]) -> Reply {
    let length = body.len();
    let usual = with_head(
        &format!("HTTP/1.1 {status} -\r\n{headers}content-length: {length}"),
        body,
    );
    let (pace, is_pacing) = pace(random);
    let headers = format!("{headers}{pace}{}", odd_headers(random));
    let start = early(random) + &format!("HTTP/1.1 {status} -\r\n{headers}");
    let mut ending = Ending::Close;
    let (bytes, is_whole) = match random.u8(..24) {
        0..=9 => {
            if random.bool() {
                ending = Ending::Keep;
            }
            (
                with_head(&format!("{start}content-length: {length}"), body),
                true,
            )
        }
        10..=11 => (with_head(&format!("{start}connection: close"), body), true),
        12..=14 => (chunked(random, &start, body), true),
        15 => {
            let start = start.replacen("HTTP/1.1", "HTTP/1.0", 1);
            (
                with_head(&format!("{start}content-length: {length}"), body),
                true,
            )
        }
        16 => {
            let sizes = [
                "zz",
                "-1",
                "FFFFFFFFFFFFFFFFF",
                "",
                "5 5",
                "7fffffffffffffff",
            ];
            let size = random.choice(&sizes).unwrap();
            let head = format!("{start}transfer-encoding: chunked\r\n\r\n{size}\r\n");
            ([head.as_bytes(), body].concat(), false)
        }
        17 => {
            ending = *random
                .choice(&[Ending::Close, Ending::Close, Ending::Reset, Ending::Stall])
                .unwrap();
            let more = length + random.usize(1..100_000);
            (
                with_head(&format!("{start}content-length: {more}"), body),
                false,
            )
        }
        18 => {
            let less = random.usize(..=length);
            (
                with_head(&format!("{start}content-length: {less}"), body),
                false,
            )
        }
        19 => {
            let wrong = [
                "-1",
                "1e3",
                "99999999999999999999999",
                "0x10",
                "",
                "7\r\ncontent-length: 8",
            ];
            let wrong = random.choice(&wrong).unwrap();
            (
                with_head(&format!("{start}content-length: {wrong}"), body),
                false,
            )
        }
        20 => {
            let lines = [
                "HTTP/1.1",
                "HTTP/9.9 200 OK",
                "HTTP/1.1 99 -",
                "HTTP/1.1 2000 -",
                "\0\u{1}",
                "SSH-2.0-x",
                "<html>",
                "HTTP/1.1 abc",
            ];
            let line = random.choice(&lines).unwrap();
            (
                with_head(
                    &format!("{line}\r\n{headers}content-length: {length}"),
                    body,
                ),
                false,
            )
        }
        21 => {
            let line_ends = with_head(&format!("{start}content-length: {length}"), &[]);
            let text = String::from_utf8_lossy(&line_ends).replace("\r\n", "\n");
            ([text.as_bytes(), body].concat(), false)
        }
        22 => {
            let noise: Vec<u8> = (0..random.usize(1..300)).map(|_| random.u8(..)).collect();
            (noise, false)
        }
        _ => {
            ending = *random
                .choice(&[Ending::Flood, Ending::Close, Ending::Close, Ending::Close])
                .unwrap();
            let open = format!("{start}connection: close");
            (with_head(&open, body), false)
        }
    };
    Reply {
        cut: bytes.len(),
        is_slow: false,
        is_fault: bytes != usual,
        bytes,
        ending,
        is_whole,
        is_pacing,
    }
}

fn with_head(head: &str, body: &[u8]) -> Vec<u8> {
    [head.as_bytes(), b"\r\n\r\n", body].concat()
}

fn chunked(random: &mut Rng, start: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("{start}transfer-encoding: chunked\r\n\r\n").into_bytes();
    let mut rest = body;
    while !rest.is_empty() {
        let (chunk, others) = rest.split_at(random.usize(1..=rest.len()));
        let extension = *random.choice(&["", "", ";a=b"]).unwrap();
        bytes.extend(format!("{:x}{extension}\r\n", chunk.len()).into_bytes());
        bytes.extend_from_slice(chunk);
        bytes.extend_from_slice(b"\r\n");
        rest = others;
    }
    bytes.extend_from_slice(
        random
            .choice(&["0\r\n\r\n", "0\r\nx-trailer: 1\r\n\r\n"])
            .unwrap()
            .as_bytes(),
    );
    bytes
}
