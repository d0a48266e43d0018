//! What the values in the body of a submission come to: what it names, the rules that it breaks, and on what the
//! contract is silent. What follows from that is in `expectation`.

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::{Map, Value};

use super::fingerprint::fingerprint_of_all;
use super::request::Items;
use super::rules::{Count, Feature, Reason, Valid};
use crate::generated::contract::submit::{VERIFIED_KEY, chunk_size, fields, identifiers};

/// The contract does not say what this deserves.
pub(super) struct Silence(pub(super) &'static str);

/// What a body names.
pub(super) struct Content {
    pub(super) valid: Valid,
    /// Why a server may refuse it all the same, where it may.
    pub(super) silence: Option<Silence>,
}

/// Reads a body, and adds the rules that it breaks.
pub(super) fn content(
    object: &Map<String, Value>,
    reasons: &mut Vec<Reason>,
) -> Result<Content, Silence> {
    if object.contains_key(VERIFIED_KEY) {
        return Err(Silence("`verified`, whose effect here is open"));
    }
    let mut features = Vec::new();
    let named = identifiers(object, reasons, &mut features)?;
    let fields = fields(object, reasons, &mut features)?;
    let is_string = |key: &str| object.get(key).is_some_and(Value::is_string);
    chunk_size(object, reasons, &mut features)?;
    match object.get("webhook_url") {
        None => {}
        Some(Value::String(text)) if is_http_url(text) => features.push(Feature::WebhookUrl),
        Some(_) => return Err(Silence("a webhook_url that is not an http(s) URL")),
    }
    Ok(Content {
        valid: Valid {
            identifiers: named.count,
            fingerprint: named.fingerprint,
            fields,
            urls_string: is_string(identifiers::KEY),
            fields_string: is_string("fields"),
            features,
        },
        silence: named.silence,
    })
}

/// The identifiers of a body.
struct Named {
    count: Count,
    fingerprint: u64,
    silence: Option<Silence>,
}

impl Named {
    fn of(count: Count, fingerprint: u64) -> Self {
        Self {
            count,
            fingerprint,
            silence: None,
        }
    }
}

fn identifiers(
    object: &Map<String, Value>,
    reasons: &mut Vec<Reason>,
    features: &mut Vec<Feature>,
) -> Result<Named, Silence> {
    let beside = object
        .keys()
        .any(|key| !BODY_KEYS.contains(&key.as_str()) && key != identifiers::KEY);
    let Some(value) = object.get(identifiers::KEY) else {
        reasons.push(if beside {
            Reason::OtherIdentifier
        } else {
            Reason::MissingIdentifiers
        });
        return Ok(Named::of(Count::Open, 0));
    };
    if beside {
        return Err(Silence(
            "keys of which the contract does not say what they do",
        ));
    }
    let identifiers = Items::of(value).ok_or(Silence("identifiers of another JSON type"))?;
    let sent = identifiers.items.len();
    if sent < identifiers::MIN {
        return Err(Silence("an empty list of identifiers"));
    }
    let profiles = (identifiers.items.iter()).map(|item| Some(same_profile(slug(item.trim())?)));
    let Some(mut distinct) = profiles.collect::<Option<Vec<_>>>() else {
        return spelled_otherwise(&identifiers.items);
    };
    distinct.sort_unstable();
    distinct.dedup();
    if identifiers.as_string {
        features.push(Feature::UrlsString);
    }
    if distinct.len() > identifiers::MAX {
        reasons.push(Reason::TooManyIdentifiers);
    } else if sent > identifiers::MAX {
        return Err(Silence("too many identifiers only if duplicates count"));
    }
    let fingerprint = fingerprint_of_all(identifiers.items.iter());
    if distinct.len() < sent {
        return Ok(Named::of(Count::Open, fingerprint));
    }
    if sent == identifiers::MAX {
        features.push(Feature::MaxIdentifiers);
    }
    Ok(Named::of(Count::Exactly(sent), fingerprint))
}

/// Identifiers that a server may refuse for how they are written. One that takes them counts them and gives them back
/// as they were sent; but not where it may find one twice, nor blanks and commas, which are open.
fn spelled_otherwise(items: &[&str]) -> Result<Named, Silence> {
    const WHY: &str = "identifiers that don't look like profile URLs";
    let are_apart = |items: &[&str]| {
        let distinct: HashSet<String> = items.iter().map(|item| core(item)).collect();
        distinct.len() == items.len()
    };
    if items.len() > identifiers::MAX || !items.iter().all(|item| is_url(item)) || !are_apart(items)
    {
        return Err(Silence(WHY));
    }
    Ok(Named {
        silence: Some(Silence(WHY)),
        ..Named::of(
            Count::Exactly(items.len()),
            fingerprint_of_all(items.iter()),
        )
    })
}

/// Whether `text` is a URL of one piece, whatever is in it.
fn is_url(text: &str) -> bool {
    let has_blank = text.chars().any(|char| char.is_whitespace() || char == ',');
    let has_comma = text.to_ascii_lowercase().contains("%2c");
    !has_blank && !has_comma && is_http_url(text)
}

/// What is left of a URL that no server takes for a matter of spelling.
fn core(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let mut left = path.chars();
    let mut core = String::new();
    while let Some(char) = left.next() {
        if char == '%' {
            left.nth(1);
        } else if char.is_ascii_alphanumeric() {
            core.push(char.to_ascii_lowercase());
        }
    }
    core
}

fn fields(
    object: &Map<String, Value>,
    reasons: &mut Vec<Reason>,
    features: &mut Vec<Feature>,
) -> Result<u32, Silence> {
    let Some(value) = object.get("fields") else {
        reasons.push(Reason::MissingFields);
        return Ok(0);
    };
    let fields = Items::of(value).ok_or(Silence("fields of another JSON type"))?;
    if fields.items.is_empty() {
        reasons.push(Reason::EmptyFields);
        return Ok(0);
    }
    if fields.as_string {
        features.push(Feature::FieldsString);
    }
    let mut set = 0u32;
    for &field in &fields.items {
        match fields::VALUES.iter().position(|known| *known == field) {
            Some(n) if set & (1 << n) != 0 => return Err(Silence("a field named twice")),
            Some(n) => set |= 1 << n,
            None if field.trim().is_empty() => return Err(Silence("a blank among the fields")),
            None if field.trim() != field || field.contains(',') => {
                return Err(Silence("fields with spaces or commas in them"));
            }
            None => {
                reasons.push(Reason::UnsupportedField);
                return Ok(0);
            }
        }
    }
    features.push(Feature::Fields(set));
    Ok(set)
}

fn chunk_size(
    object: &Map<String, Value>,
    reasons: &mut Vec<Reason>,
    features: &mut Vec<Feature>,
) -> Result<(), Silence> {
    let number = match object.get("chunk_size") {
        None => {
            features.push(Feature::NoChunkSize);
            return Ok(());
        }
        Some(Value::Number(number)) => number,
        Some(_) => return Err(Silence("a chunk_size that is not a number")),
    };
    match number.as_u64() {
        Some(n) if n == u64::from(chunk_size::MIN) => features.push(Feature::MinChunkSize),
        Some(n) if n == u64::from(chunk_size::MAX) => features.push(Feature::MaxChunkSize),
        Some(n) if (u64::from(chunk_size::MIN)..=u64::from(chunk_size::MAX)).contains(&n) => {}
        Some(_) => reasons.push(Reason::ChunkSize),
        None if number.is_i64() => reasons.push(Reason::ChunkSize),
        None => {
            return Err(Silence(
                "a chunk_size that is not written as a whole number of 64 bits",
            ));
        }
    }
    Ok(())
}

/// The keys of a submission beside its identifiers.
const BODY_KEYS: &[&str] = &["fields", "webhook_url", "chunk_size", "verified"];

fn is_http_url(text: &str) -> bool {
    url::Url::parse(text)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// The shortest name that the site gives a profile.
const MIN_SLUG: usize = 3;

/// Whether every server must take `text` for a person's profile: those that look closer at identifiers
/// may refuse others.
pub fn is_profile_url(text: &str) -> bool {
    slug(text).is_some()
}

/// The name that the site gives a profile, where `text` is surely the URL of one.
fn slug(text: &str) -> Option<&str> {
    let slug = text.strip_prefix("https://www.linkedin.com/in/")?;
    let slug = slug.strip_suffix('/').unwrap_or(slug);
    let is_slug =
        slug.len() >= MIN_SLUG && slug.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    is_slug.then_some(slug)
}

/// A form that is the same for spellings of one name that a server may take for one profile.
fn same_profile(slug: &str) -> Cow<'_, str> {
    if slug.bytes().any(|byte| byte.is_ascii_uppercase()) {
        slug.to_ascii_lowercase().into()
    } else {
        slug.into()
    }
}
