//! The form of an entry of HAR 1.2, as far as it is read. What an entry says is decided above.

use std::borrow::Cow;

use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::{DecodeError, Engine};
use bytes::Bytes;
use serde::Deserialize;

/// With or without padding: recorders differ.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

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
    #[serde(borrow, default)]
    pub(super) headers: Vec<Header<'a>>,
    #[serde(borrow)]
    pub(super) post_data: Option<Text<'a>>,
    pub(super) body_size: Option<f64>,
}

#[derive(Deserialize)]
pub(super) struct HarResponse<'a> {
    pub(super) status: Option<i64>,
    #[serde(borrow, default)]
    pub(super) headers: Vec<Header<'a>>,
    #[serde(borrow)]
    pub(super) content: Option<Text<'a>>,
}

/// `postData`, or `content`.
#[derive(Deserialize)]
pub(super) struct Text<'a> {
    #[serde(borrow)]
    pub(super) text: Option<Str<'a>>,
    #[serde(borrow)]
    pub(super) encoding: Option<Str<'a>>,
    pub(super) size: Option<f64>,
}

#[derive(Deserialize)]
pub(super) struct Header<'a> {
    #[serde(borrow)]
    pub(super) name: Str<'a>,
    #[serde(borrow)]
    pub(super) value: Str<'a>,
}

/// A string that is not copied where it has no escapes.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct Str<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

impl Text<'_> {
    /// The bytes, where there are some.
    pub(super) fn bytes(self) -> Result<Option<Bytes>, DecodeError> {
        let Some(Str(text)) = self.text else {
            return Ok(None);
        };
        let is_base64 = self
            .encoding
            .is_some_and(|Str(e)| e.eq_ignore_ascii_case("base64"));
        Ok(Some(if is_base64 {
            BASE64.decode(text.as_bytes())?.into()
        } else {
            text.into_owned().into_bytes().into()
        }))
    }
}
