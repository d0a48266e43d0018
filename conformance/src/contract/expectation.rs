//! What a submission deserves: accepted, refused for named reasons, or open. Decided from the bytes of the
//! request, never from what its maker meant, so that a request that was changed on the way (by shrinking,
//! by hand, in a recording) is judged as what it has become.
//!
//! Wherever the contract is silent the expectation is [`Expectation::Open`], and nothing is judged.

use std::borrow::Cow;
use std::collections::HashSet;

use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

use super::fingerprint::fingerprint_of_all;
use super::request::{Body, Credential, Items, Operation, Version};
use crate::generated::contract::submit::{VERIFIED_KEY, chunk_size, fields, identifiers};

/// What a request deserves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expectation {
    /// The request is valid.
    Accept(Valid),
    /// The request breaks these rules, at least one.
    Refuse(Vec<Reason>),
    /// The contract does not say; the text says on what it is silent.
    Open(&'static str),
}

/// What matters of a valid submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Valid {
    /// How many identifiers it names.
    pub identifiers: Count,
    /// What stands for the identifiers as they were sent, in any order.
    pub fingerprint: u64,
    /// The fields that it names: bit n stands for the n-th of [`fields::VALUES`].
    pub fields: u32,
    /// What it uses of the things that have an acceptance clause of their own.
    pub features: Vec<Feature>,
}

/// A number of identifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// Exactly so many.
    Exactly(usize),
    /// There are duplicates, and how they count is open.
    Open,
}

/// A thing that a valid submission may use and that an acceptance clause is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feature {
    /// The identifiers come as one string.
    UrlsString,
    /// The fields come as one string.
    FieldsString,
    /// As many identifiers as are allowed.
    MaxIdentifiers,
    /// The smallest chunk size.
    MinChunkSize,
    /// The largest chunk size.
    MaxChunkSize,
    /// No chunk size.
    NoChunkSize,
    /// A webhook.
    WebhookUrl,
    /// Exactly these fields: bit n stands for the n-th of [`fields::VALUES`].
    Fields(u32),
}

/// A rule that a submission breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// No `Authorization`.
    MissingAuthorization,
    /// A key that the server doesn't know.
    UnknownKey,
    /// No version header.
    MissingApiVersion,
    /// Another version.
    OtherApiVersion,
    /// Not a JSON object.
    MalformedBody,
    /// No identifiers, of whatever type.
    MissingIdentifiers,
    /// Identifiers of another type alone.
    OtherIdentifier,
    /// More identifiers than allowed.
    TooManyIdentifiers,
    /// No `fields`.
    MissingFields,
    /// `fields` is an empty list or an empty string.
    EmptyFields,
    /// `fields` holds a value outside the supported ones.
    UnsupportedField,
    /// `chunk_size` is a whole number out of range.
    ChunkSize,
}

/// The statuses with which a refusal keeps its clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statuses {
    /// This one.
    Only(StatusCode),
    /// Any of the 4xx class.
    ClientError,
}

impl Statuses {
    /// Whether `status` keeps the clause.
    pub fn allow(self, status: StatusCode) -> bool {
        match self {
            Self::Only(only) => status == only,
            Self::ClientError => status.is_client_error(),
        }
    }
}

impl Reason {
    /// Every rule.
    pub const ALL: [Self; 12] = [
        Self::MissingAuthorization,
        Self::UnknownKey,
        Self::MissingApiVersion,
        Self::OtherApiVersion,
        Self::MalformedBody,
        Self::MissingIdentifiers,
        Self::OtherIdentifier,
        Self::TooManyIdentifiers,
        Self::MissingFields,
        Self::EmptyFields,
        Self::UnsupportedField,
        Self::ChunkSize,
    ];

    /// The statuses that the contract names for this reason.
    pub fn statuses(self) -> Statuses {
        match self {
            Self::MissingAuthorization | Self::UnknownKey => {
                Statuses::Only(StatusCode::UNAUTHORIZED)
            }
            Self::MissingApiVersion
            | Self::TooManyIdentifiers
            | Self::EmptyFields
            | Self::UnsupportedField
            | Self::ChunkSize => Statuses::Only(StatusCode::BAD_REQUEST),
            Self::OtherApiVersion
            | Self::MalformedBody
            | Self::MissingIdentifiers
            | Self::OtherIdentifier
            | Self::MissingFields => Statuses::ClientError,
        }
    }
}

impl Expectation {
    /// Decides what a request with these headers and this body deserves. Only submissions are decided; the other
    /// operations are [`Self::Open`].
    pub fn of(operation: Operation<'_>, headers: &HeaderMap, bytes: &[u8]) -> Self {
        if operation != Operation::Submit {
            return Self::Open("not a submission");
        }
        let mut reasons = Vec::new();
        match Credential::of(headers) {
            Credential::Configured => {}
            Credential::Absent => reasons.push(Reason::MissingAuthorization),
            Credential::UnknownKey => reasons.push(Reason::UnknownKey),
            Credential::Other => return Self::Open("another way to authorize"),
        }
        match Version::of(headers) {
            Version::Current => {}
            Version::Absent => reasons.push(Reason::MissingApiVersion),
            Version::Other => reasons.push(Reason::OtherApiVersion),
        }
        let valid = match Body::of(bytes) {
            Body::Unreadable => return Self::Open("a value beyond what this suite can hold"),
            Body::Malformed => {
                reasons.push(Reason::MalformedBody);
                None
            }
            Body::Object(object) => match body(&object, &mut reasons) {
                Ok(valid) => Some(valid),
                Err(Silence(about)) => return Self::Open(about),
            },
        };
        match valid {
            Some(valid) if reasons.is_empty() => Self::Accept(valid),
            _ => Self::Refuse(reasons),
        }
    }

    /// The valid submission, where it is one.
    pub fn valid(&self) -> Option<&Valid> {
        match self {
            Self::Accept(valid) => Some(valid),
            _ => None,
        }
    }

    /// Whether the request breaks the rule `reason` and no other, so that the response speaks of that rule.
    pub fn refused_only_for(&self, reason: Reason) -> bool {
        matches!(self, Self::Refuse(reasons) if *reasons == [reason])
    }
}

/// The contract does not say what this deserves.
struct Silence(&'static str);

fn body(object: &Map<String, Value>, reasons: &mut Vec<Reason>) -> Result<Valid, Silence> {
    if object.contains_key(VERIFIED_KEY) {
        return Err(Silence("`verified`, whose effect here is open"));
    }
    let mut features = Vec::new();
    let (identifiers, fingerprint) = identifiers(object, reasons, &mut features)?;
    let fields = fields(object, reasons, &mut features)?;
    chunk_size(object, reasons, &mut features)?;
    match object.get("webhook_url") {
        None => {}
        Some(Value::String(text)) if is_http_url(text) => features.push(Feature::WebhookUrl),
        Some(_) => return Err(Silence("a webhook_url that is not an http(s) URL")),
    }
    Ok(Valid {
        identifiers,
        fingerprint,
        fields,
        features,
    })
}

fn identifiers(
    object: &Map<String, Value>,
    reasons: &mut Vec<Reason>,
    features: &mut Vec<Feature>,
) -> Result<(Count, u64), Silence> {
    let beside = object
        .keys()
        .any(|key| !BODY_KEYS.contains(&key.as_str()) && key != identifiers::KEY);
    let verified = object.contains_key("verified");
    let Some(value) = object.get(identifiers::KEY) else {
        reasons.push(if beside {
            Reason::OtherIdentifier
        } else {
            Reason::MissingIdentifiers
        });
        return Ok((Count::Open, 0));
    };
    if beside || verified {
        return Err(Silence(
            "keys of which the contract does not say what they do",
        ));
    }
    let identifiers = Items::of(value).ok_or(Silence("identifiers of another JSON type"))?;
    let sent = identifiers.items.len();
    if sent < identifiers::MIN {
        return Err(Silence("an empty list of identifiers"));
    }
    if !identifiers
        .items
        .iter()
        .all(|item| is_profile_url(item.trim()))
    {
        return Err(Silence("identifiers that don't look like profile URLs"));
    }
    let distinct: HashSet<Cow<'_, str>> = identifiers
        .items
        .iter()
        .map(|url| same_profile(url))
        .collect();
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
        return Ok((Count::Open, fingerprint));
    }
    if sent == identifiers::MAX {
        features.push(Feature::MaxIdentifiers);
    }
    Ok((Count::Exactly(sent), fingerprint))
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
    let slug = text
        .strip_prefix("https://www.linkedin.com/in/")
        .map(|slug| slug.strip_suffix('/').unwrap_or(slug));
    slug.is_some_and(|slug| {
        slug.len() >= MIN_SLUG && slug.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    })
}

/// A form that is the same for spellings of one URL that a server may take for one profile.
fn same_profile(url: &str) -> Cow<'_, str> {
    let url = url.trim();
    if url.bytes().any(|byte| byte.is_ascii_uppercase()) {
        let lower = url.to_ascii_lowercase();
        return Cow::Owned(same_profile(&lower).into_owned());
    }
    let path = url.split_once("/in/").map_or(url, |(_, slug)| slug);
    Cow::Borrowed(path.trim_end_matches('/'))
}
