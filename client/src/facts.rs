//! What a response says of itself in its headers: the id of the request, and what it was charged.

use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderName};

use crate::api_key::ApiKey;
use crate::generated::contract::{header, usage};
use crate::redact::redact;

const REQUEST_ID: HeaderName = HeaderName::from_static(header::REQUEST_ID);
const CREDITS_USED: HeaderName = HeaderName::from_static(header::CREDITS_USED);

/// The facts of one response, where it had them. They say nothing about the job that it is about, so any two are equal: a
/// job that is read twice is the same job.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    request_id: Option<Box<str>>,
    credits_used: Option<f64>,
}

impl Facts {
    /// Reads them, without the key: a server may echo it.
    pub(crate) fn read(headers: &HeaderMap, key: &ApiKey) -> Self {
        let text = |name: &HeaderName| headers.get(name)?.to_str().ok().map(str::trim);
        // Nothing else can be asked for.
        let is_id = |id: &&str| !id.is_empty() && id.len() <= usage::MAX_REQUEST_ID;
        let without_key = |id: &str| redact(Bytes::copy_from_slice(id.as_bytes()), key);
        let id = text(&REQUEST_ID).filter(is_id).map(without_key);
        let credits: Option<f64> = text(&CREDITS_USED).and_then(|text| text.parse().ok());
        Self {
            request_id: id.map(|id| String::from_utf8_lossy(&id).into()),
            credits_used: credits.filter(|credits| credits.is_finite()),
        }
    }

    pub(crate) fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    pub(crate) fn credits_used(&self) -> Option<f64> {
        self.credits_used
    }
}

impl PartialEq for Facts {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Facts {}
