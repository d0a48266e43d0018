//! What may be wrong with a response as bytes, whatever it says: its framing, its head, and where and how it ends.

use fastrand::Rng;

use super::secret::echo;

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
    /// Whether anything about it is out of the ordinary.
    pub(super) is_fault: bool,
    /// Whether it may make the client wait longer than a case takes.
    pub(super) is_pacing: bool,
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

/// What comes before the response.
fn early(random: &mut Rng) -> String {
    match random.u8(..20) {
        0 => "HTTP/1.1 100 Continue\r\n\r\n".to_owned(),
        1 => {
            "HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n".repeat(random.usize(1..4))
        }
        2 => "HTTP/1.1 102 Processing\r\n\r\n".to_owned(),
        _ => String::new(),
    }
}

fn odd_headers(random: &mut Rng) -> String {
    match random.u8(..20) {
        0 => format!("x-huge: {}\r\n", "h".repeat(random.usize(1..50_000))),
        1 => (0..random.usize(1..80))
            .map(|n| format!("x-{n}: {n}\r\n"))
            .collect(),
        2 => format!("x-echo: {}\r\n", echo(random)),
        3 => "content-encoding: gzip\r\n".to_owned(),
        4 => "content-type: text/html; charset=utf-16\r\n".to_owned(),
        5 => "date: Thu, 99 Foo 2026 25:61:61 GMT\r\n".to_owned(),
        6 => "x-request-id: \u{e4}\r\n".to_owned(),
        _ => "content-type: application/json\r\n".to_owned(),
    }
}

/// What is said about the rate, and whether it may make the client wait.
fn pace(random: &mut Rng) -> (String, bool) {
    let number = |random: &mut Rng| {
        let numbers = [
            "0",
            "1",
            "60",
            "-1",
            "1764054000",
            "18446744073709551615",
            "1e9",
            "",
            "99999999999999999999999",
            "NaN",
            "0.5",
        ];
        *random.choice(&numbers).unwrap()
    };
    match random.u8(..16) {
        0 => {
            let (limit, remaining, reset) = (number(random), number(random), number(random));
            let lines = format!(
                "x-ratelimit-limit: {limit}\r\nx-ratelimit-remaining: {remaining}\r\nx-ratelimit-reset: {reset}\r\n"
            );
            (lines, true)
        }
        1 => {
            let times = [
                "0",
                "-5",
                "3600",
                "Wed, 21 Oct 2065 07:28:00 GMT",
                "soon",
                "Thu, 01 Jan 1970 00:00:00 GMT",
            ];
            (
                format!("retry-after: {}\r\n", random.choice(&times).unwrap()),
                true,
            )
        }
        2 => (
            "x-ratelimit-limit: 15\r\nx-ratelimit-remaining: 14\r\nx-ratelimit-reset: 0\r\n"
                .to_owned(),
            true,
        ),
        _ => (String::new(), false),
    }
}
