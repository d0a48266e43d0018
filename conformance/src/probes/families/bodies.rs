//! Bodies that are not a JSON object, by grammar. Encodings that some parsers of JSON take in good faith (a byte order
//! mark, UTF-16) are not among them: the contract says nothing of them. Keys that stand twice are in `repeated`.

use serde_json::{Value, json};

use crate::generated::contract::media_type;
use crate::probes::draft::{Group, draft, object, raw};
use crate::probes::submission::Contents;

pub(super) fn groups() -> Vec<Group> {
    // Made from a valid body, so that nothing else is wrong with it.
    let object = Value::Object(object(&Contents::plain(0)));
    let groups = MAKERS.iter().map(|make| {
        let bodies = make(&object).into_iter().map(|(media_type, body)| {
            let name = format!("malformed body {}", String::from_utf8_lossy(&body));
            draft(name, move |submission, _| {
                submission.media_type = media_type;
                submission.body = raw(body);
            })
        });
        bodies.collect()
    });
    groups.collect()
}

/// Makes bodies from a valid one, each with its media type.
type Make = fn(&Value) -> Vec<(&'static str, Vec<u8>)>;

const MAKERS: &[Make] = &[
    scalars,
    cut,
    trailing,
    spelled,
    wrapped,
    encoded,
    media_types,
];

fn json(texts: impl IntoIterator<Item = String>) -> Vec<(&'static str, Vec<u8>)> {
    let bodies = texts
        .into_iter()
        .map(|text| (media_type::JSON, text.into_bytes()));
    bodies.collect()
}

/// JSON of each other kind, and next to nothing, beside what the catalogue has of these.
fn scalars(_: &Value) -> Vec<(&'static str, Vec<u8>)> {
    let texts = [
        "true", "false", "0", "-1", "1.5", "\"\"", "\"text\"", " ", "\n", "[{}]", "[[]]", "[null]",
    ];
    json(texts.map(str::to_owned))
}

/// Cut before each kind of token, and inside of each.
fn cut(object: &Value) -> Vec<(&'static str, Vec<u8>)> {
    let text = object.to_string();
    let mut kinds = std::collections::HashSet::new();
    let mut before = ' ';
    let mut places = Vec::new();
    for (place, char) in text.char_indices().skip(1) {
        let kind = |char: char| {
            if char.is_ascii_punctuation() && !"/-_".contains(char) {
                char
            } else {
                'x'
            }
        };
        if kinds.insert((kind(before), kind(char))) {
            places.push(place);
        }
        before = char;
    }
    json(
        places
            .into_iter()
            .rev()
            .map(|place| text[..place].to_owned()),
    )
}

fn trailing(object: &Value) -> Vec<(&'static str, Vec<u8>)> {
    let more = [
        "}", "x", ",", "]", "{}", ";", "\0", "\n{}", " null", "\"", "//",
    ];
    json(more.map(|more| format!("{object}{more}")))
}

/// Spellings that other notations allow.
fn spelled(object: &Value) -> Vec<(&'static str, Vec<u8>)> {
    let text = object.to_string();
    let (open, close) = (&text[1..], text.strip_suffix('}').unwrap_or_default());
    let unquoted = text.replacen("\"fields\"", "fields", 1);
    json([
        text.replace('"', "'"),
        format!("{close},}}"),
        unquoted,
        text.replace("],", ",],"),
        format!("{{/* */{open}"),
        format!("{close}//\n}}"),
        format!("{{,{open}"),
        text.replace(':', "="),
        format!("{close},\"chunk_size\":NaN}}"),
        format!("{close},\"chunk_size\":0100}}"),
        format!("{close},\"chunk_size\":+100}}"),
        format!("{close},\"chunk_size\":0x64}}"),
        format!("{close},\"chunk_size\":1_00}}"),
        format!("{close},\"chunk_size\":}}"),
        format!("{close},\"webhook_url\":undefined}}"),
        text.replace(',', ""),
        text.replacen("http", "\n", 1),
    ])
}

fn wrapped(object: &Value) -> Vec<(&'static str, Vec<u8>)> {
    let text = object.to_string();
    let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    json([
        json!([object]).to_string(),
        json!(text).to_string(),
        format!("({text})"),
        format!("callback({text})"),
        format!(")]}}',\n{text}"),
        json!([[object]]).to_string(),
        json!([object, object]).to_string(),
        deep(100),
        deep(2000),
        "[".repeat(2000),
        "{\"a\":".repeat(500),
    ])
}

fn encoded(object: &Value) -> Vec<(&'static str, Vec<u8>)> {
    let text = object.to_string();
    let with = |bytes: &[u8]| {
        let (before, after) = text.split_at(text.find("http").unwrap_or_default());
        [before.as_bytes(), bytes, after.as_bytes()].concat()
    };
    let gzip = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0";
    let bodies = [
        with(b"\xff"),
        with(b"\xe9"),
        with(b"\xc3"),
        with(b"\xed\xa0\x80"),
        with(b"\x01"),
        with(b"\\x"),
        with(b"\\u12"),
        gzip.to_vec(),
        b"\0".to_vec(),
        b"\xff\xfe".to_vec(),
    ];
    bodies
        .into_iter()
        .map(|body| (media_type::JSON, body))
        .collect()
}

/// What other media types hold, sent as what they are.
fn media_types(object: &Value) -> Vec<(&'static str, Vec<u8>)> {
    let text = object.to_string();
    let bodies = [
        (
            "application/x-www-form-urlencoded",
            "fields=business_email".to_owned(),
        ),
        (
            "application/xml",
            "<fields>business_email</fields>".to_owned(),
        ),
        ("text/csv", "fields\nbusiness_email\n".to_owned()),
        ("application/yaml", "fields: business_email\n".to_owned()),
        ("text/plain", "[]".to_owned()),
        ("application/x-ndjson", format!("{text}\n{text}\n")),
        ("application/json; charset=utf-8", "[]".to_owned()),
        ("application/json; charset=utf-8", "{".to_owned()),
        ("application/problem+json", "null".to_owned()),
    ];
    bodies
        .into_iter()
        .map(|(kind, body)| (kind, body.into_bytes()))
        .collect()
}
