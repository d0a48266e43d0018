//! The rules of a submission, in the order in which they are judged, and the refusal that each one earns.

use axum::http::StatusCode;
use serde_json::{Value, json};
use url::Url;

use crate::answer::Answer;
use crate::generated::contract;
use crate::submission::{Form, Key, Shape, Submission};

/// Why a submission is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    MissingKey,
    UnknownKey,
    MissingVersion,
    OtherVersion,
    MalformedBody,
    MissingIdentifiers,
    TooManyIdentifiers,
    MissingFields,
    EmptyFields,
    UnsupportedField,
    ChunkSize,
    WebhookUrl,
}

/// Whether a submission breaks a rule.
type Breaks = fn(&Submission) -> bool;

/// Every rule, by the reason that breaking it is. The first that is broken is the answer.
const RULES: &[(Reason, Breaks)] = &[
    (Reason::MissingKey, |it| it.key == Key::Missing),
    (Reason::UnknownKey, |it| it.key == Key::Unknown),
    (Reason::MissingVersion, |it| it.version.is_none()),
    (Reason::OtherVersion, |it| {
        it.version
            .as_ref()
            .is_some_and(|version| version != contract::API_VERSION)
    }),
    (Reason::MalformedBody, |it| it.body != Shape::Object),
    (Reason::MissingIdentifiers, |it| {
        matches!(it.identifiers.form, Form::Absent | Form::Other)
            || it.identifiers.len() < contract::submit::identifiers::MIN
            || it.identifiers.has("")
    }),
    (Reason::TooManyIdentifiers, |it| {
        it.identifiers.len() > contract::submit::identifiers::MAX
    }),
    (Reason::MissingFields, |it| it.fields.form == Form::Absent),
    (Reason::EmptyFields, |it| it.fields.values.is_empty()),
    (Reason::UnsupportedField, |it| {
        unsupported_field(it).is_some()
    }),
    (Reason::ChunkSize, |it| {
        !it.chunk_size.is_null() && chunk_size(&it.chunk_size).is_none()
    }),
    (Reason::WebhookUrl, |it| {
        !it.webhook_url.is_null() && webhook_url(&it.webhook_url).is_none()
    }),
];

/// Every reason against a submission, in order.
pub(crate) fn reasons(submission: &Submission) -> impl Iterator<Item = Reason> {
    RULES
        .iter()
        .filter(|(_, breaks)| breaks(submission))
        .map(|(reason, _)| *reason)
}

/// The value, if it is a chunk size within the bounds.
pub(crate) fn chunk_size(value: &Value) -> Option<u32> {
    let size = u32::try_from(value.as_u64()?).ok()?;
    (contract::submit::chunk_size::MIN..=contract::submit::chunk_size::MAX)
        .contains(&size)
        .then_some(size)
}

/// The value, if it is an absolute URL.
pub(crate) fn webhook_url(value: &Value) -> Option<Url> {
    value.as_str()?.parse().ok()
}

fn unsupported_field(submission: &Submission) -> Option<&str> {
    let fields = submission.fields.values.iter().map(String::as_str);
    fields
        .into_iter()
        .find(|field| !contract::submit::fields::VALUES.contains(field))
}

impl Reason {
    /// The answer to a submission that is refused for this reason.
    pub(crate) fn answer(self, submission: &Submission) -> Answer {
        let message = match self {
            Self::MissingKey | Self::UnknownKey => return Answer::unauthorized(),
            Self::MissingVersion => {
                format!("The header {} is required.", contract::header::API_VERSION)
            }
            Self::OtherVersion => format!(
                "{} must be {}.",
                contract::header::API_VERSION,
                contract::API_VERSION
            ),
            Self::MalformedBody => "The body must be a JSON object.".to_owned(),
            Self::MissingIdentifiers => format!(
                "{} must be a non-empty list of profile URLs, or one comma-separated string.",
                contract::submit::identifiers::KEY
            ),
            Self::TooManyIdentifiers => format!(
                "{} identifiers were sent; a job takes at most {}.",
                submission.identifiers.len(),
                contract::submit::identifiers::MAX
            ),
            Self::MissingFields => "fields is required.".to_owned(),
            Self::EmptyFields => "fields must not be empty.".to_owned(),
            Self::UnsupportedField => {
                format!(
                    "Unsupported field \"{}\".",
                    unsupported_field(submission).unwrap_or_default()
                )
            }
            Self::ChunkSize => format!(
                "chunk_size must be an integer from {} to {}.",
                contract::submit::chunk_size::MIN,
                contract::submit::chunk_size::MAX
            ),
            Self::WebhookUrl => "webhook_url must be an absolute URL.".to_owned(),
        };
        let metadata = match self {
            Self::MissingFields | Self::EmptyFields | Self::UnsupportedField => {
                json!({"available_fields": contract::submit::fields::VALUES})
            }
            _ => json!({}),
        };
        Answer::error(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            message,
            metadata,
        )
    }
}
