//! What a call can fail with. Requests and clients that can't even be built have errors of their own, with the
//! types they are about.

mod error_response;
mod text;

use uuid::Uuid;

pub use self::error_response::ErrorResponse;
use crate::accepted::find_batch_id;
use crate::api_key::ApiKey;
use crate::response::RawResponse;

/// A call that failed.
///
/// Ask what it is with the `is_*` methods. After a submission, ask
/// [`is_outcome_unknown`](Self::is_outcome_unknown) first: if so, the job may have been accepted and billed, and
/// must not be submitted again before a look at the list of jobs.
///
/// Neither this type nor its sources ever show the API key, not even when a server echoes it.
#[derive(Debug)]
pub struct Error(Box<Failure>);

#[derive(Debug)]
struct Failure {
    operation: Operation,
    kind: Kind,
    /// A job's id in the response to a submission that is no acceptance.
    batch_id: Option<Uuid>,
}

/// What the call was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Submit,
    Job,
    List,
}

#[derive(Debug)]
enum Kind {
    /// The server never saw the request.
    NotSent(BoxError),
    /// The server may have seen the request, and there is no status line.
    NoResponse(reqwest::Error),
    /// A status other than success.
    Status(ErrorResponse),
    /// A success that can't be read.
    Unreadable {
        status: u16,
        body_excerpt: String,
        reason: BoxError,
    },
}

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A reason in words only: the words have been checked for the key, their origin hasn't.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Reason(String);

impl Error {
    /// Sorts a failure of the generated code, with the response as it came.
    pub(crate) fn new(
        operation: Operation,
        error: progenitor_client::Error,
        response: Option<RawResponse>,
        key: &ApiKey,
    ) -> Self {
        let Some(response) = response else {
            let kind = match error {
                progenitor_client::Error::CommunicationError(error)
                    if error.is_connect() || error.is_builder() =>
                {
                    Kind::NotSent(error.into())
                }
                progenitor_client::Error::CommunicationError(error) => Kind::NoResponse(error),
                // All others come before the request or after the response.
                other => Kind::NotSent(Reason(key.redact(&other.to_string())).into()),
            };
            return Self(Box::new(Failure {
                operation,
                kind,
                batch_id: None,
            }));
        };
        let batch_id = match operation {
            Operation::Submit => find_batch_id(response.body()),
            Operation::Job | Operation::List => None,
        };
        let kind = if response.status().is_success() {
            Kind::Unreadable {
                status: response.status().as_u16(),
                body_excerpt: response.excerpt(key),
                reason: unreadable_because(error, response, key),
            }
        } else {
            Kind::Status(ErrorResponse::new(&response, key))
        };
        Self(Box::new(Failure {
            operation,
            kind,
            batch_id,
        }))
    }

    /// Whether a submission may have been accepted, and billed, all the same: no response, one that can't be
    /// read, or a failure of the server. Look for the job in the list before submitting again. Never the case
    /// for other calls.
    pub fn is_outcome_unknown(&self) -> bool {
        self.0.operation == Operation::Submit
            && match &self.0.kind {
                Kind::NotSent(_) => false,
                Kind::NoResponse(_) | Kind::Unreadable { .. } => true,
                // A 4xx says that the request is not accepted. Others may have come after it was.
                Kind::Status(response) => !(400..500).contains(&response.status()),
            }
    }

    /// Whether the request was never sent: no connection could be made. It is safe to try again.
    pub fn is_not_sent(&self) -> bool {
        matches!(self.0.kind, Kind::NotSent(_))
    }

    /// Whether time ran out, before or after the request was sent.
    pub fn is_timeout(&self) -> bool {
        let mut source = std::error::Error::source(self);
        while let Some(error) = source {
            if error
                .downcast_ref::<reqwest::Error>()
                .is_some_and(reqwest::Error::is_timeout)
            {
                return true;
            }
            source = error.source();
        }
        false
    }

    /// Whether the API doesn't know the key: status 401.
    pub fn is_unauthorized(&self) -> bool {
        self.has_error_status(401)
    }

    /// Whether the account's credits are used up: status 402. Trying again does not help.
    pub fn is_insufficient_credits(&self) -> bool {
        self.has_error_status(402)
    }

    /// Whether the account may not have what it asked for: status 403. [`ErrorResponse::denied_fields`] names
    /// the fields. Trying again does not help.
    pub fn is_forbidden(&self) -> bool {
        self.has_error_status(403)
    }

    /// Whether there is no such job for this account: status 404.
    pub fn is_not_found(&self) -> bool {
        self.has_error_status(404)
    }

    /// Whether there are too many active jobs or too many requests: status 429. Nothing was accepted;
    /// [`ErrorResponse::retry_after`] says how long to wait, if the server did.
    pub fn is_rate_limited(&self) -> bool {
        self.has_error_status(429)
    }

    /// Whether a success came whose body can't be read.
    pub fn is_unreadable(&self) -> bool {
        matches!(self.0.kind, Kind::Unreadable { .. })
    }

    /// The response's HTTP status, if one came.
    pub fn status(&self) -> Option<u16> {
        match &self.0.kind {
            Kind::NotSent(_) | Kind::NoResponse(_) => None,
            Kind::Status(response) => Some(response.status()),
            Kind::Unreadable { status, .. } => Some(*status),
        }
    }

    /// What the response said, if one came whose status is not a success.
    pub fn response(&self) -> Option<&ErrorResponse> {
        match &self.0.kind {
            Kind::Status(response) => Some(response),
            _ => None,
        }
    }

    /// The beginning of the response's body, if one came.
    pub fn body_excerpt(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::NotSent(_) | Kind::NoResponse(_) => None,
            Kind::Status(response) => Some(response.body_excerpt()),
            Kind::Unreadable { body_excerpt, .. } => Some(body_excerpt),
        }
    }

    /// A job's id, where the response to a submission has one although it is not an acceptance (a server error,
    /// say). Whether there is such a job, [`Client::job`](crate::Client::job) tells.
    pub fn batch_id(&self) -> Option<Uuid> {
        self.0.batch_id
    }

    fn has_error_status(&self, status: u16) -> bool {
        self.response()
            .is_some_and(|response| response.status() == status)
    }
}

/// Why a success can't be read: the connection, or else the contents.
fn unreadable_because(
    error: progenitor_client::Error,
    response: RawResponse,
    key: &ApiKey,
) -> BoxError {
    let status = response.status();
    if let Some(cut) = response.into_cut() {
        return cut.into();
    }
    let text = match error {
        // Its text quotes values of the body.
        progenitor_client::Error::InvalidResponsePayload(_, error) => {
            key.redact(&error.to_string())
        }
        _ => format!("{status} is not the success that was expected"),
    };
    Reason(text).into()
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.kind {
            Kind::NotSent(source) | Kind::Unreadable { reason: source, .. } => Some(&**source),
            Kind::NoResponse(source) => Some(source),
            Kind::Status(_) => None,
        }
    }
}
