//! The rules of a submission, in the order in which they are judged, and the refusal that each one earns.

use axum::http::StatusCode;
use serde_json::{Value, json};
use url::Url;

use crate::generated::contract;
use crate::key::Key;
use crate::response::Response;
use crate::submission::{Form, Shape, Submission};

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
    /// As many jobs are active as may be. Asked last.
    TooManyJobs {
        limit: usize,
    },
    /// The account's credits do not cover it. Asked last of all.
    NoCredits,
    /// None that the contract knows: a fault refuses a valid submission with this status.
    Unfounded(StatusCode),
}

/// A submission that is refused, and why.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) submission: Submission,
    pub(crate) reason: Reason,
}

/// Whether a submission breaks a rule.
type Breaks = fn(&Submission) -> bool;

/// Every rule, by the reason that breaking it is. The first that is broken is told.
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
pub(crate) fn reasons(submission: &Submission) -> Vec<Reason> {
    let broken = RULES.iter().filter(|(_, breaks)| breaks(submission));
    broken.map(|(reason, _)| *reason).collect()
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
    let mut fields = submission.fields.iter();
    fields.find(|field| !contract::submit::fields::VALUES.contains(field))
}

impl Reason {
    /// The response to a submission that is refused for this reason.
    pub(crate) fn response(self, submission: &Submission) -> Response {
        let message = match self {
            Self::MissingKey | Self::UnknownKey => return Response::unauthorized(),
            Self::TooManyJobs { limit } => {
                let message = format!("{limit} jobs are active, and no more may be.");
                return Response::too_many_requests(&message);
            }
            Self::NoCredits => {
                let status = StatusCode::PAYMENT_REQUIRED;
                let message = "The account's credits are used up.";
                return Response::error(status, "insufficient_credits", message, json!({}));
            }
            Self::Unfounded(status) => {
                return Response::error(status, "refused", "This server refuses it.", json!({}));
            }
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
                "{} must be a list of one or more profile URLs, none of them blank, or one comma-separated string.",
                contract::submit::identifiers::KEY
            ),
            Self::TooManyIdentifiers => format!(
                "{} identifiers were sent; a job takes at most {}.",
                submission.identifiers.len(),
                contract::submit::identifiers::MAX
            ),
            Self::MissingFields => "fields is required.".to_owned(),
            Self::EmptyFields => {
                "fields must be a list of one or more, or one comma-separated string.".to_owned()
            }
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
        let status = StatusCode::BAD_REQUEST;
        Response::error(status, "invalid_request", message, metadata)
    }
}
