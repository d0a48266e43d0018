//! The ways in which a call fails, and how failures are sorted into them. What they say to
//! people is in `text`.

use std::fmt;
use std::time::Duration;

use uuid::Uuid;

use super::ErrorResponse;
use crate::call::Unexpected;
use crate::excerpt::{excerpt, excerpt_of};
use crate::response::RawResponse;

/// Why a call failed.
#[derive(Debug)]
pub(crate) enum Kind {
    /// The server never saw the request.
    NotSent(BoxError),
    /// The server may have seen the request, and there is no status line.
    NoResponse(reqwest::Error),
    /// A status of the API other than success.
    Status(ErrorResponse),
    /// A status other than success from the store that the results are in.
    Store(StoreResponse),
    /// A success that can't be read.
    Unreadable {
        status: u16,
        body_excerpt: String,
        reason: BoxError,
    },
    /// The status of another job than the one asked for.
    OtherJob(Uuid),
    /// A list of these that says that it goes on, and leads nowhere or in a circle.
    NoNextPage(&'static str),
    /// A text that can't be the id of a request.
    NoRequestId,
    /// The caller's deadline for a job passed.
    Deadline,
    /// The job ended with `failed`.
    JobFailed {
        /// What the API says about it.
        message: Option<String>,
    },
    /// No byte of a file came for a while.
    Stalled { after: Duration },
    /// Results of a job that is still at work.
    NotCompleted,
    /// A completed job without a link to the results that it says there are.
    NoLink,
    /// The download of the results file broke off, or can't go on from where it did.
    Interrupted(BoxError),
    /// A link that leads to no results file.
    Link(BoxError),
    /// The bytes of the results file can't be unpacked any further.
    File(BoxError),
    /// One line of the results file can't be read.
    Line {
        number: u64,
        text: LineText,
        reason: BoxError,
    },
    /// The results file has another number of lines than the job says.
    Count { expected: u64, found: u64 },
}

pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A line of a results file. It may hold personal data, which `Debug` must not spread.
pub(crate) struct LineText(Vec<u8>);

impl LineText {
    pub(crate) fn new(text: Vec<u8>) -> Self {
        Self(text)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for LineText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LineText({} bytes)", self.0.len())
    }
}

/// What a store said. It may quote the link, which `Debug` must not spread.
pub(crate) struct StoreResponse(pub(super) ErrorResponse);

impl fmt::Debug for StoreResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoreResponse({})", self.0.status())
    }
}

/// A reason in words only: its origin quotes what the server sent, however long, and links with it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Reason(String);

impl Kind {
    /// A response that is not the success that it should be.
    pub(super) fn of_response(unexpected: Unexpected, response: RawResponse) -> Self {
        if response.is_success() {
            Self::Unreadable {
                status: response.status().as_u16(),
                body_excerpt: excerpt_of(response.body()),
                reason: unreadable_because(unexpected, response),
            }
        } else {
            Self::Status(ErrorResponse::new(&response))
        }
    }

    /// A request that no response came to. What a caller's settings put between the HTTP client and the network may fail
    /// in any way after the request was sent: only where there are none is it certain that nothing was. Ours follows no
    /// redirect, so that it has nothing to build but the request itself.
    pub(crate) fn no_response(error: reqwest::Error, is_http_ours: bool) -> Self {
        if is_http_ours && (error.is_builder() || error.is_connect()) {
            Self::NotSent(error.into())
        } else {
            Self::NoResponse(error)
        }
    }

    /// A response of the API that is not a success.
    #[cfg(feature = "testing")]
    pub(crate) fn status(response: &RawResponse) -> Self {
        Self::Status(ErrorResponse::new(response))
    }

    /// A response of the store that is not a success.
    pub(crate) fn of_store(response: &RawResponse) -> Self {
        Self::Store(StoreResponse(ErrorResponse::new(response)))
    }

    /// A download that broke off.
    pub(crate) fn interrupted(reason: impl Into<BoxError>) -> Self {
        Self::Interrupted(reason.into())
    }

    /// A link that leads to no file.
    pub(crate) fn link(reason: impl Into<BoxError>) -> Self {
        Self::Link(reason.into())
    }

    /// A results file whose bytes can't be unpacked any further.
    pub(crate) fn file(reason: impl Into<BoxError>) -> Self {
        Self::File(reason.into())
    }
}

/// Why a success can't be read: the connection, or else the contents.
fn unreadable_because(unexpected: Unexpected, response: RawResponse) -> BoxError {
    let status = response.status();
    if let Some(cut) = response.into_cut() {
        return cut.into();
    }
    let text = match unexpected {
        Unexpected::Body(error) => excerpt(&error.to_string()),
        Unexpected::Status => format!("{status} is not the success that was expected"),
    };
    Reason(text).into()
}
