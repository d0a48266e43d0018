//! Writes a request as a line that a shell sends again. The key is left to the shell, and a long list of
//! generated identifiers to `seq`.

use http::Method;
use serde_json::Value;

use crate::contract::request::{Body, Items};
use crate::exchange::{Destination, KEY_PLACEHOLDER, Request};
use crate::readable;

/// Fewer identifiers than this are written out.
const MANY: usize = 5;

/// As long a body as systems let a program be called with, less what ends it.
const LONGEST: usize = 128 * 1024 - 1;

/// A `curl` command, on one line, that sends `request` to the server at `base_url`. It holds for any POSIX
/// shell in which `CRUSTDATA_API_KEY` is set.
///
/// `None` for a request to an address outside the API, which opens nothing by the time it is read, and for one that
/// holds what can't be typed: bytes that are no text, control characters, or more than a command may be called with.
pub fn command(base_url: &str, request: &Request) -> Option<String> {
    let Destination::Api { path_and_query } = &request.destination else {
        return None;
    };
    let url = format!("{}{path_and_query}", base_url.trim_end_matches('/'));
    let mut command = format!("curl -sS -i {}", quoted(&url));
    for (name, value) in &request.headers {
        let header = format!("{name}: {}", std::str::from_utf8(value.as_bytes()).ok()?);
        command += " -H ";
        command += &if header.contains(KEY_PLACEHOLDER) {
            format!("\"{header}\"")
        } else {
            quoted(&header)
        };
    }
    if request.body.len() > LONGEST {
        return None;
    }
    if request.method != Method::GET {
        let body = body(std::str::from_utf8(&request.body).ok()?);
        command += &format!(" -X {} --data-raw {body}", request.method);
    }
    (!command.contains(readable::is_unsafe)).then_some(command)
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn body(text: &str) -> String {
    let Some((before, series, after)) = series(text) else {
        return quoted(text);
    };
    format!("{}\"$({series})\"{}", quoted(before), quoted(after))
}

/// Cuts `text` at a series of identifiers that differ in the number at their end only, and gives the shell
/// commands that print the series.
fn series(text: &str) -> Option<(&str, String, &str)> {
    let Body::Object(object) = Body::of(text.as_bytes()) else {
        return None;
    };
    let identifiers = object.values().find_map(|value: &Value| {
        let identifiers = Items::of(value)?;
        (identifiers.items.len() >= MANY).then_some(identifiers)
    })?;
    let stem = identifiers.items.first()?.strip_suffix("001")?;
    let counted = |(n, item): (usize, &&str)| *item == format!("{stem}{:03}", n + 1);
    let plain = stem
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"-./:_".contains(&b));
    if !plain || !identifiers.items.iter().enumerate().all(counted) {
        return None;
    }
    let between = if identifiers.as_string { "," } else { "\",\"" };
    let (before, after) = text.split_once(&identifiers.items.join(between))?;
    let count = identifiers.items.len();
    let print = format!("printf '{stem}%03d{between}' $(seq {count}) | sed 's/{between}$//'");
    Some((before, print, after))
}
