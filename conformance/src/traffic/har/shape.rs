//! The parts of an entry of HAR 1.2 that are read, as recorders write them, and why one can't be. What they mean is read in
//! the module above.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;

/// With or without padding: recorders differ.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Why an entry can't be judged.
#[derive(Debug, thiserror::Error)]
pub(in crate::traffic) enum EntryError {
    #[error("it is not an entry of HAR")]
    Json(#[from] serde_json::Error),
    #[error("`startedDateTime` is {0:?}, which is no time")]
    Time(String),
    #[error("`request.method` is {0:?}")]
    Method(String),
    #[error("`response.status` is {0}")]
    Status(i64),
    #[error("the header {0:?} can't be one")]
    Header(String),
    #[error("a body is not base64, as `encoding` says")]
    Base64(#[from] base64::DecodeError),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry<'a> {
    #[serde(borrow)]
    pub(super) started_date_time: Str<'a>,
    pub(super) time: Option<f64>,
    #[serde(borrow)]
    pub(super) request: Request<'a>,
    #[serde(borrow)]
    pub(super) response: Option<HarResponse<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Request<'a> {
    #[serde(borrow)]
    pub(super) method: Str<'a>,
    #[serde(borrow)]
    pub(super) url: Str<'a>,
    #[serde(borrow)]
    pub(super) headers: Option<Vec<Header<'a>>>,
    #[serde(borrow)]
    pub(super) post_data: Option<Text<'a>>,
    pub(super) body_size: Option<f64>,
}

#[derive(Deserialize)]
pub(super) struct HarResponse<'a> {
    pub(super) status: Option<i64>,
    #[serde(borrow)]
    pub(super) headers: Option<Vec<Header<'a>>>,
    #[serde(borrow)]
    pub(super) content: Option<Text<'a>>,
}

/// `postData`, or `content`.
#[derive(Deserialize)]
pub(super) struct Text<'a> {
    #[serde(borrow)]
    pub(super) text: Option<Str<'a>>,
    #[serde(borrow)]
    encoding: Option<Str<'a>>,
    pub(super) size: Option<f64>,
}

#[derive(Deserialize)]
pub(super) struct Header<'a> {
    #[serde(borrow)]
    name: Str<'a>,
    #[serde(borrow)]
    value: Option<Str<'a>>,
}

/// A string that is not copied where it has no escapes.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct Str<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

impl Text<'_> {
    pub(super) fn bytes(self) -> Result<Option<Bytes>, EntryError> {
        let Some(Str(text)) = self.text else {
            return Ok(None);
        };
        let is_base64 = self
            .encoding
            .is_some_and(|Str(e)| e.eq_ignore_ascii_case("base64"));
        Ok(Some(if is_base64 {
            // Some recorders break it into lines.
            let text: Vec<u8> = (text.bytes())
                .filter(|b| !b.is_ascii_whitespace())
                .collect();
            BASE64.decode(text)?.into()
        } else {
            text.into_owned().into_bytes().into()
        }))
    }
}

pub(super) fn headers(pairs: Option<Vec<Header<'_>>>) -> Result<HeaderMap, EntryError> {
    let pairs = pairs.unwrap_or_default();
    let mut headers = HeaderMap::with_capacity(pairs.len());
    // HTTP/2 has the parts of the first line among its headers.
    for Header { name, value } in pairs.iter().filter(|pair| !pair.name.0.starts_with(':')) {
        let bad = || EntryError::Header(name.0.chars().take(80).collect());
        let valid = |line: &str| {
            let line = line.trim_end_matches('\r');
            HeaderValue::from_bytes(line.as_bytes()).map_err(|_| bad())
        };
        let name = HeaderName::from_bytes(name.0.as_bytes()).map_err(|_| bad())?;
        // Some recorders write several headers of a name as one, a line each.
        let value = value.as_ref().map_or("", |Str(value)| value);
        let last = match value.rsplit_once('\n') {
            None => value,
            Some((others, last)) => {
                for line in others.split('\n') {
                    headers.append(&name, valid(line)?);
                }
                last
            }
        };
        headers.append(name, valid(last)?);
    }
    Ok(headers)
}
