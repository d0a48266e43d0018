//! What may stand in the way of a submission: each with its remedy.

use std::fmt;

use crate::generated::enums::EndpointStatus;

/// Something that a preflight looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PreflightPart {
    /// Whether the endpoint is enabled for the account.
    Endpoint,
    /// Whether the account may have the fields.
    Fields,
    /// How many requests a minute it may make.
    RateLimit,
    /// Whether its credits cover the worst case.
    Balance,
    /// Whether it may have another job at work.
    ActiveJobs,
}

/// Something that stands in the way of a submission. Its text says what, and then what to do about it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum PreflightProblem {
    /// The API doesn't know the key.
    UnknownKey,
    /// The endpoint is not enabled for the account.
    #[non_exhaustive]
    NotEnabled {
        /// What the API says instead.
        status: EndpointStatus,
    },
    /// The account may not have some of the fields.
    #[non_exhaustive]
    DeniedFields {
        /// Those of the request.
        fields: Vec<String>,
    },
    /// The account may make no request to the endpoint.
    NoRequests,
    /// The credits may not last.
    #[non_exhaustive]
    CreditsShort {
        /// The account's credits.
        balance: f64,
        /// The most that the submission may cost.
        worst_case: f64,
    },
    /// The account has as many jobs at work as it may have.
    #[non_exhaustive]
    NoFreePlace {
        /// Jobs at work.
        active: u32,
    },
}

impl PreflightProblem {
    /// What to do about it.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::UnknownKey => "Check the API key",
            Self::NotEnabled { .. } => "Ask the provider to enable the endpoint for the account",
            Self::DeniedFields { .. } => "Leave these fields out, or ask the provider for them",
            Self::NoRequests => "Ask the provider for a rate limit",
            Self::CreditsShort { .. } => "Add credits, or submit fewer persons",
            Self::NoFreePlace { .. } => {
                "Wait for one of them to end (`ClientBuilder::max_active_jobs` does)"
            }
        }
    }
}

impl fmt::Display for PreflightProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownKey => f.write_str("The API doesn't know the key")?,
            Self::NotEnabled { status } => {
                write!(f, "The endpoint is {:?} for the account", status.as_str())?;
            }
            Self::DeniedFields { fields } => write!(f, "The account may not have {fields:?}")?,
            Self::NoRequests => f.write_str("The account's rate limit is zero")?,
            Self::CreditsShort {
                balance,
                worst_case,
            } => write!(
                f,
                "The account has {balance} credits, and the submission may cost {worst_case}"
            )?,
            Self::NoFreePlace { active } => {
                write!(
                    f,
                    "The account has {active} jobs at work, and may have no more"
                )?;
            }
        }
        write!(f, ". {}", self.remedy())
    }
}
