//! What a submission deserves: accepted, refused for named reasons, or open. Decided from the bytes of the
//! request, never from what its maker meant, so that a request that was changed on the way (by shrinking,
//! by hand, in a recording) is judged as what it has become. What the values of its body come to is in `submission`.
//!
//! Wherever the contract is silent the expectation is [`Expectation::Open`], and nothing is judged.

use http::StatusCode;

use super::repeated::first_values;
use super::request::{Body, Credential, Operation, Version};
pub use super::rules::{Count, Feature, Reason, Valid};
pub use super::submission::is_profile_url;
use super::submission::{Content, Silence, content};

/// What a request deserves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expectation {
    /// The request is valid.
    Accept(Valid),
    /// The request breaks these rules, at least one.
    Refuse(Vec<Reason>),
    /// The contract does not say whether a server takes it, but what it names is decided: where it is accepted, the
    /// response and the results are held against that. The text says on what the contract is silent.
    Tolerate(Valid, &'static str),
    /// The contract does not say; the text says on what it is silent.
    Open(&'static str),
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
    /// Decides what a request deserves that has this body, of these bytes. Only submissions are decided; the other operations
    /// are [`Self::Open`].
    pub fn of(
        operation: Operation<'_>,
        credential: Credential,
        version: Version,
        body: &Body,
        bytes: &[u8],
    ) -> Self {
        if operation != Operation::Submit {
            return Self::Open("not a submission");
        }
        let mut reasons = Vec::new();
        match credential {
            Credential::Configured => {}
            Credential::Absent => reasons.push(Reason::MissingAuthorization),
            Credential::UnknownKey => reasons.push(Reason::UnknownKey),
            Credential::Other => return Self::Open("another way to authorize"),
        }
        match version {
            Version::Current => {}
            Version::Absent => reasons.push(Reason::MissingApiVersion),
            Version::Other => reasons.push(Reason::OtherApiVersion),
        }
        let object = match body {
            Body::Unreadable => return Self::Open("a value beyond what this suite can hold"),
            Body::Malformed => {
                reasons.push(Reason::MalformedBody);
                return Self::Refuse(reasons);
            }
            Body::Object(object) => object,
        };
        let before = reasons.clone();
        let last = Self::of_content(content(object, &mut reasons), reasons);
        match first_values(bytes, object) {
            None => last,
            // Where a key stands twice, a server may go by either value.
            Some(object) => {
                let mut reasons = before;
                let first = Self::of_content(content(&object, &mut reasons), reasons);
                Self::in_both(first, last)
            }
        }
    }

    fn of_content(content: Result<Content, Silence>, reasons: Vec<Reason>) -> Self {
        match content {
            Err(Silence(about)) => Self::Open(about),
            Ok(content) => match content.silence {
                None if reasons.is_empty() => Self::Accept(content.valid),
                None => Self::Refuse(reasons),
                Some(Silence(about)) if reasons.is_empty() => Self::Tolerate(content.valid, about),
                // It may be refused for the one as for the other.
                Some(Silence(about)) => Self::Open(about),
            },
        }
    }

    /// What is certain of a request that can be read in these two ways: whatever breaks the same rule in both is refused.
    fn in_both(first: Self, last: Self) -> Self {
        if let (Self::Refuse(first), Self::Refuse(mut last)) = (first, last) {
            last.retain(|reason| first.contains(reason));
            if !last.is_empty() {
                return Self::Refuse(last);
            }
        }
        Self::Open("a key that stands twice")
    }

    /// The valid submission, where it is one.
    pub fn valid(&self) -> Option<&Valid> {
        match self {
            Self::Accept(valid) => Some(valid),
            _ => None,
        }
    }

    /// What a submission names that a server accepts, or may accept.
    pub fn named(&self) -> Option<&Valid> {
        match self {
            Self::Accept(valid) | Self::Tolerate(valid, _) => Some(valid),
            _ => None,
        }
    }

    /// Whether the request breaks the rule `reason` and no other, so that the response speaks of that rule.
    pub fn refused_only_for(&self, reason: Reason) -> bool {
        matches!(self, Self::Refuse(reasons) if *reasons == [reason])
    }
}
