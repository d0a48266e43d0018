//! What a submission is made of, as plain values that shrink well, and how it is written out as a request.

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, header};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;

use super::profile_urls::{mix, profile_urls};
use crate::exchange::{KEY_PLACEHOLDER, Request};
use crate::generated::contract::{
    self, API_VERSION, media_type,
    submit::{self, fields, identifiers},
};

/// A submission to be sent, and what it is about.
#[derive(Debug, Clone)]
pub struct Probe {
    /// A few words, for people.
    pub name: String,
    /// What is sent.
    pub submission: Submission,
}

impl Probe {
    /// The request, as it is recorded: a placeholder stands for the key.
    pub fn request(&self) -> Request {
        self.submission.request()
    }

    /// The same, about other profiles: see [`Submission::anew`].
    pub fn anew(&self) -> Option<Self> {
        Some(Self {
            name: self.name.clone(),
            submission: self.submission.anew()?,
        })
    }
}

/// A submission, valid or not.
#[derive(Debug, Clone, PartialEq)]
pub struct Submission {
    /// The credential.
    pub authorization: Authorization,
    /// The version header; `None` leaves it out.
    pub version: Option<Cow<'static, str>>,
    /// The media type that the body is said to have.
    pub media_type: &'static str,
    /// The body.
    pub body: Body,
}

/// What a submission carries as its credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authorization {
    /// The key of the run.
    Key,
    /// A key that no server knows.
    UnknownKey,
    /// Another token that is no key.
    Token(&'static str),
    /// None.
    Absent,
}

impl Authorization {
    /// The header, with the key's placeholder where the key goes.
    pub fn header(self) -> Option<HeaderValue> {
        let token = match self {
            Self::Key => KEY_PLACEHOLDER,
            Self::UnknownKey => "conformance-no-such-key",
            Self::Token(token) => token,
            Self::Absent => return None,
        };
        HeaderValue::try_from(format!("Bearer {token}")).ok()
    }
}

/// The body of a submission.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// An object with these values.
    Object(Contents),
    /// These bytes.
    Raw(Bytes),
}

/// The values in the object of a body.
#[derive(Debug, Clone, PartialEq)]
pub struct Contents {
    /// The key that the identifiers stand under; `None` leaves them out.
    pub identifiers_key: Option<&'static str>,
    /// How many identifiers.
    pub count: usize,
    /// What the identifiers are made from.
    pub salt: u64,
    /// Profiles to name first; those that the count has beyond them are generated.
    pub profile_urls: Vec<String>,
    /// How generated identifiers are written, one after the other.
    pub spellings: &'static [Spelling],
    /// The identifiers as one string.
    pub urls_string: bool,
    /// The fields; `None` leaves them out.
    pub fields: Option<Vec<&'static str>>,
    /// The fields as one string.
    pub fields_string: bool,
    /// The chunk size; `None` leaves it out.
    pub chunk_size: Option<Value>,
    /// Whether there is a webhook, and where.
    pub webhook_url: Option<String>,
}

/// How an identifier is written; a server gives it back as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// In small letters.
    Plain,
    /// With a slash at its end.
    Slash,
    /// With the name in capitals.
    Capitals,
    /// With a query.
    Query,
    /// With a character that is escaped.
    Escape,
    /// With a character beyond ASCII.
    Unicode,
    /// With a host in capitals.
    Host,
}

impl Spelling {
    /// In small letters.
    pub const PLAIN: &'static [Self] = &[Self::Plain];
    /// Those that no server may refuse.
    pub const DECIDED: &'static [Self] = &[Self::Plain, Self::Capitals, Self::Slash];
    /// Those that a server may refuse, by what it may refuse them for.
    pub const OPEN: [&'static [Self]; 2] =
        [&[Self::Query, Self::Escape], &[Self::Unicode, Self::Host]];
}

impl Spelling {
    /// The URL of a profile, written like this.
    fn of(self, url: String) -> String {
        match self {
            Self::Plain => url,
            Self::Slash => format!("{url}/"),
            Self::Query => format!("{url}?trk=People-Guest&q=a;b"),
            Self::Escape => format!("{url}-Jos%C3%a9"),
            Self::Unicode => format!("{url}-Åsa"),
            Self::Capitals => match url.rsplit_once('/') {
                Some((site, name)) => format!("{site}/{}", name.to_uppercase()),
                None => url,
            },
            Self::Host => url.replacen("www.linkedin.com", "WWW.LinkedIn.com", 1),
        }
    }
}

impl Contents {
    /// One identifier, the first of the fields, nothing else.
    pub fn plain(salt: u64) -> Self {
        Self {
            identifiers_key: Some(identifiers::KEY),
            count: 1,
            salt,
            profile_urls: Vec::new(),
            spellings: Spelling::PLAIN,
            urls_string: false,
            fields: Some(fields::VALUES.iter().copied().take(1).collect()),
            fields_string: false,
            chunk_size: None,
            webhook_url: None,
        }
    }
}

/// The object, its keys in the order of the documentation.
impl Serialize for Contents {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut object = to.serialize_map(None)?;
        if let Some(key) = self.identifiers_key {
            let generated = self.count.saturating_sub(self.profile_urls.len());
            let spellings = self.spellings.iter().cycle();
            let generated = profile_urls(self.salt, generated).zip(spellings);
            let generated = generated.map(|(url, spelling)| spelling.of(url));
            let urls = self.profile_urls.iter().cloned().chain(generated).collect();
            object.serialize_entry(key, &ListOrString::of(urls, self.urls_string))?;
        }
        if let Some(fields) = &self.fields {
            let fields = fields.iter().map(|field| (*field).to_owned()).collect();
            object.serialize_entry("fields", &ListOrString::of(fields, self.fields_string))?;
        }
        if let Some(url) = &self.webhook_url {
            object.serialize_entry("webhook_url", url)?;
        }
        if let Some(chunk_size) = &self.chunk_size {
            object.serialize_entry("chunk_size", chunk_size)?;
        }
        object.end()
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum ListOrString {
    List(Vec<String>),
    String(String),
}

impl ListOrString {
    fn of(items: Vec<String>, as_string: bool) -> Self {
        if as_string {
            Self::String(items.join(","))
        } else {
            Self::List(items)
        }
    }
}

impl Submission {
    /// A submission that every server takes: see [`Contents::plain`].
    pub fn plain(salt: u64) -> Self {
        Self::of(Contents::plain(salt))
    }

    /// A submission with nothing special about its headers.
    pub fn of(contents: Contents) -> Self {
        Self {
            authorization: Authorization::Key,
            version: Some(API_VERSION.into()),
            media_type: media_type::JSON,
            body: Body::Object(contents),
        }
    }

    /// The same, about other profiles: what is sent in place of one whose outcome is unknown, since a
    /// submission is never repeated. `None` where it names profiles of the user's, in whose place no others can be
    /// named.
    pub fn anew(&self) -> Option<Self> {
        let mut anew = self.clone();
        if let Body::Object(contents) = &mut anew.body {
            if !contents.profile_urls.is_empty() {
                return None;
            }
            contents.salt = mix(contents.salt);
        }
        Some(anew)
    }

    /// The request, with the key's placeholder where the key goes.
    pub fn request(&self) -> Request {
        let mut headers = HeaderMap::new();
        if let Some(value) = self.authorization.header() {
            headers.insert(header::AUTHORIZATION, value);
        }
        // Only what a header can hold is made.
        if let Some(version) = &self.version
            && let Ok(version) = HeaderValue::from_str(version)
        {
            headers.insert(contract::header::API_VERSION, version);
        }
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(self.media_type),
        );
        let body = match &self.body {
            Body::Raw(bytes) => bytes.clone(),
            // Strings, numbers and lists of them always have a JSON form.
            Body::Object(contents) => serde_json::to_vec(contents).unwrap_or_default().into(),
        };
        Request::new(Method::POST, submit::PATH.to_owned(), headers, body)
    }
}
