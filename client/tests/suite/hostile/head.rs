//! What may be odd in and before the head of a response: early responses, headers, and what they say of the pace.

use fastrand::Rng;

use super::secret::echo;

/// What comes before the response.
pub(super) fn early(random: &mut Rng) -> String {
    match random.u8(..20) {
        0 => "HTTP/1.1 100 Continue\r\n\r\n".to_owned(),
        1 => {
            "HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n".repeat(random.usize(1..4))
        }
        2 => "HTTP/1.1 102 Processing\r\n\r\n".to_owned(),
        _ => String::new(),
    }
}

pub(super) fn odd_headers(random: &mut Rng) -> String {
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
pub(super) fn pace(random: &mut Rng) -> (String, bool) {
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
