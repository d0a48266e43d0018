//! An exchange as a page shows it: what matters of it, with long values cut, and with fixed values in place of those that
//! differ from run to run (ids, times, ports). The key and people's data are masked when it is recorded.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::Read;

use chrono::{DateTime, Duration, NaiveDate};
use crustdata_conformance::exchange::Exchange;
use flate2::read::MultiGzDecoder;
use http::HeaderMap;
use regex::{Captures, Regex};
use serde_json::Value;

/// The most items of a list, lines of a file and characters of a string.
const MOST: (usize, usize, usize) = (3, 3, 120);

/// Headers of a response that are shown beside its type, by the group of the clause.
const HEADERS: [(&str, &[&str]); 3] = [
    (
        "limit",
        &[
            "x-ratelimit-limit",
            "x-ratelimit-remaining",
            "x-ratelimit-reset",
        ],
    ),
    ("account", &["x-credits-used"]),
    ("usage", &["x-request-id", "x-credits-used"]),
];

/// The exchange as HTTP, in blocks of code.
pub(super) fn exchange(group: &str, exchange: &Exchange) -> String {
    let request = &exchange.request;
    let mut sent = format!(
        "{} {} HTTP/1.1\n",
        request.method,
        cut(request.destination.as_str())
    );
    let told = |name: &str| !["host", "accept", "content-length"].contains(&name);
    for (name, value) in request
        .headers
        .iter()
        .filter(|(name, _)| told(name.as_str()))
    {
        writeln!(
            sent,
            "{name}: {}",
            cut(&String::from_utf8_lossy(value.as_bytes()))
        )
        .expect("a text can be written to");
    }
    if !request.body.is_empty() {
        write!(sent, "\n{}", body(&request.body)).expect("a text can be written to");
    }
    let came = match &exchange.outcome {
        Ok(response) => format!(
            "HTTP/1.1 {}\n{}\n{}",
            response.status,
            headers(group, &response.headers),
            body(&response.body)
        ),
        Err(failure) => format!("(no response: {})", failure.detail),
    };
    format!(
        "```http\n{}\n```\n\n```http\n{}\n```\n",
        sent.trim_end(),
        came.trim_end()
    )
}

fn headers(group: &str, headers: &HeaderMap) -> String {
    let of_group = HEADERS
        .iter()
        .find(|(of, _)| *of == group)
        .map_or(&[][..], |(_, names)| names);
    let names = ["content-type", "location"].iter().chain(of_group);
    let values = names.filter_map(|name| Some((name, headers.get(*name)?)));
    let lines = values
        .map(|(name, value)| format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes())));
    lines.collect()
}

fn body(bytes: &[u8]) -> String {
    if let Ok(value) = serde_json::from_slice::<Value>(bytes) {
        return serde_json::to_string_pretty(&shortened(&value)).expect("it is JSON");
    }
    let mut unpacked = String::new();
    if bytes.starts_with(&[0x1f, 0x8b])
        && MultiGzDecoder::new(bytes)
            .read_to_string(&mut unpacked)
            .is_ok()
    {
        let lines: Vec<&str> = unpacked.lines().collect();
        let shown = lines
            .iter()
            .take(MOST.1)
            .map(|line| match serde_json::from_str(line) {
                Ok(value) => shortened(&value).to_string(),
                Err(_) => cut(line),
            });
        let mut shown: Vec<String> = shown.collect();
        if lines.len() > MOST.1 {
            shown.push(format!("… {} lines in all", lines.len()));
        }
        return format!("(gzip, unpacked)\n{}", shown.join("\n"));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => cut(text),
        Err(_) => format!("({} bytes that are no text)", bytes.len()),
    }
}

/// The value with its long lists and strings cut.
pub(super) fn shortened(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut shown: Vec<Value> = items.iter().take(MOST.0).map(shortened).collect();
            if items.len() > MOST.0 {
                shown.push(format!("… {} in all", items.len()).into());
            }
            Value::Array(shown)
        }
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| (key.clone(), shortened(value)))
            .collect(),
        Value::String(text) => cut(text).into(),
        other => other.clone(),
    }
}

/// The text, or its beginning.
pub(super) fn cut(text: &str) -> String {
    let length = text.chars().count();
    if length <= MOST.2 {
        return text.to_owned();
    }
    let start: String = text.chars().take(MOST.2).collect();
    format!("{start}… ({length} characters)")
}

/// The same text in every run: ids are numbered, the first moment is always the same, and ports are one port.
pub(super) fn steady(text: &str) -> String {
    let ids = Regex::new(
        "[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{11,12}",
    )
    .expect("a pattern");
    let moments = Regex::new(
        "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?(Z|[+]00:00)?",
    )
    .expect("a pattern");
    let seconds = Regex::new("1[789][0-9]{8}").expect("a pattern");
    let signatures = Regex::new("signature=[0-9a-f]+").expect("a pattern");
    let durations = Regex::new("[0-9]+ ms").expect("a pattern");
    let ports = Regex::new("127[.]0[.]0[.]1:[0-9]+").expect("a pattern");

    let mut numbers: HashMap<String, usize> = HashMap::new();
    let text = ids.replace_all(text, |found: &Captures<'_>| {
        let plain = found[0].replace('-', "").to_ascii_lowercase();
        let next = numbers.len() + 1;
        let number = *numbers.entry(plain[..31].to_owned()).or_insert(next);
        // The last digit of an id may be missing, so the number stands before it.
        let id = format!("00000000-0000-4000-8000-{number:011}0");
        let id = if found[0].contains('-') {
            id
        } else {
            id.replace('-', "")
        };
        id[..found[0].len().min(id.len())].to_owned()
    });
    let start = NaiveDate::from_ymd_opt(2026, 1, 1)
        .and_then(|day| day.and_hms_opt(0, 0, 0))
        .expect("a day");
    let parsed = |moment: &str| {
        DateTime::parse_from_rfc3339(&format!("{}Z", &moment[..19]))
            .expect("a moment")
            .naive_utc()
    };
    let first = moments
        .find_iter(&text)
        .map(|moment| parsed(moment.as_str()))
        .min();
    let text = moments.replace_all(&text, |found: &Captures<'_>| {
        let since: Duration = parsed(&found[0]) - first.expect("there is one");
        let zone = found.get(2).map_or("", |zone| zone.as_str());
        format!("{}{zone}", (start + since).format("%Y-%m-%dT%H:%M:%S"))
    });
    let text = seconds.replace_all(&text, start.and_utc().timestamp().to_string());
    let text = signatures.replace_all(&text, "signature=masked");
    let text = durations.replace_all(&text, "1000 ms");
    ports.replace_all(&text, "127.0.0.1:8080").into_owned()
}
