//! Why a client can't be judged.

use std::io;

use crustdata_mock::{MockError, UnknownFault};

use crate::runner::TransportError;

/// Why a client can't be judged.
#[derive(Debug, thiserror::Error)]
pub enum HarnessError {
    /// The command can't be started.
    #[error("the client can't be started: {0}; give a command that can be, after `--`")]
    NotStarted(String),
    /// It does not get through the plain scenario, and no clause says why.
    #[error(
        "the client fails in the scenario `plain`, on a compliant server, and its traffic violates no clause: {0}; \
         make it work there first: it reads CRUSTDATA_BASE_URL, CRUSTDATA_API_KEY, CONFORMANCE_IDENTIFIERS and \
         CONFORMANCE_FIELDS, and ends with status 0"
    )]
    Plain(String),
    /// The mock can't be started.
    #[error("the mock can't be started")]
    Mock(#[from] MockError),
    /// A scenario names a fault that there is not.
    #[error("a scenario can't be set up")]
    Fault(#[from] UnknownFault),
    /// A file of the client can't be written or read.
    #[error("a file for the client can't be written or read")]
    File(#[from] io::Error),
    /// No HTTP client can be made.
    #[error("nothing can be sent")]
    Transport(#[from] TransportError),
    /// The mock does not respond to the one who set it up.
    #[error("the mock does not respond")]
    Send(#[from] reqwest::Error),
    /// A path of the contract makes no URL.
    #[error("a path can't be asked for")]
    Url(#[from] url::ParseError),
}

impl HarnessError {
    /// Whether it is the client that can't be judged, and not the suite that failed.
    pub fn is_of_client(&self) -> bool {
        matches!(self, Self::NotStarted(_) | Self::Plain(_))
    }
}
