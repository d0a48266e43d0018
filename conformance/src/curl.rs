//! Writes a request as a line that a shell sends again. The key is left to the shell, and a long list of
//! generated identifiers to `seq`.

use http::Method;
use serde_json::Value;

use crate::contract::request::{Body, Items};
use crate::exchange::{Destination, KEY_PLACEHOLDER, Request};

/// Fewer identifiers than this are written out.
const MANY: usize = 5;

/// A `curl` command, on one line, that sends `request` to the server at `base_url`. It holds for any POSIX
/// shell in which `CRUSTDATA_API_KEY` is set.
pub fn command(base_url: &str, request: &Request) -> String {
    let url = match &request.destination {
        Destination::Api { path_and_query } => {
            format!("{}{path_and_query}", base_url.trim_end_matches('/'))
        }
        Destination::Outside(address) => address.clone(),
    };
    let mut command = format!("curl -sS -i {}", quoted(&url));
    for (name, value) in &request.headers {
        let header = format!("{name}: {}", String::from_utf8_lossy(value.as_bytes()));
        command += " -H ";
        command += &if header.contains(KEY_PLACEHOLDER) {
            format!("\"{header}\"")
        } else {
            quoted(&header)
        };
    }
    if request.method != Method::GET {
        command += &format!(" -X {} --data-raw {}", request.method, body(&request.body));
    }
    command
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn body(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let Some((before, series, after)) = series(bytes, &text) else {
        return quoted(&text);
    };
    format!("{}\"$({series})\"{}", quoted(before), quoted(after))
}

/// Cuts `text` at a series of identifiers that differ in the number at their end only, and gives the shell
/// commands that print the series.
fn series<'a>(bytes: &[u8], text: &'a str) -> Option<(&'a str, String, &'a str)> {
    let Body::Object(object) = Body::of(bytes) else {
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
