//! What errors say to people: what happened, then what to do.

use std::fmt;

use super::{Error, Failure, Kind, Operation, OutcomeUnknown, StoreResponse};
use crate::generated::contract::status_code;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fmt_what_happened(f)?;
        let operation = &self.0.operation;
        f.write_str(match (self.status(), operation) {
            (None, _) => self.advice_without_status(),
            (_, Operation::Results) => "The job is not harmed: ask for its results again",
            (Some(status_code::UNAUTHORIZED), _) => "Check the API key",
            (Some(status_code::INSUFFICIENT_CREDITS), _) => {
                "Add credits to the account: trying again does not help"
            }
            (Some(status_code::FORBIDDEN), _) => {
                "Leave out what the account may not have: trying again does not help"
            }
            // Which of the two an unknown id gets is not documented, and there is nothing else to mend in the request.
            (
                Some(status_code::BAD_REQUEST | status_code::NOT_FOUND),
                Operation::Job | Operation::Wait,
            ) => "Check the job's id, and that it belongs to this key's account",
            (Some(status_code::NOT_FOUND), Operation::UsageEvent) => {
                "Check the request's id, and ask again later: events appear some seconds after the response"
            }
            (Some(status_code::NOT_FOUND), _) => "Check the base URL",
            (Some(status_code::TOO_MANY_REQUESTS), _) => "Wait, then try again",
            (Some(408), _) => "It is safe to try again",
            (Some(300..=399), _) => "Check the base URL: redirects are not followed",
            (Some(400..=499), _) => "Mend the request before trying again",
            _ => "It is safe to try again",
        })
    }
}

impl fmt::Display for OutcomeUnknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error().fmt_what_happened(f)?;
        f.write_str(
            "The job may have been accepted, and submitting it again may bill it twice: look for it in the list \
             of jobs first (`Client::reconcile`)",
        )?;
        match self.batch_id() {
            Some(id) => write!(f, ", or ask for job {id}, which the response names"),
            None => Ok(()),
        }
    }
}

impl Error {
    /// All but what to do next.
    fn fmt_what_happened(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Failure {
            operation, kind, ..
        } = &*self.0;
        match (operation, self.batch_id()) {
            (Operation::Submit | Operation::Job | Operation::List, _) | (_, None) => {
                write!(f, "{operation} failed: {kind}. ")
            }
            (_, Some(id)) => write!(f, "{operation} of job {id} failed: {kind}. "),
        }
    }

    fn advice_without_status(&self) -> &'static str {
        match &self.0.kind {
            Kind::NotSent(_) if matches!(self.0.operation, Operation::Results) => {
                "Check that the store that the job links to can be reached from here, then ask for the results again"
            }
            Kind::NotSent(_) => "Check the base URL and the network, then try again",
            Kind::NoNextPage(_) if self.0.operation == Operation::Usage => {
                "Ask for a shorter time, in which there are fewer events"
            }
            Kind::NoRequestId => "Take the id that a response carried",
            Kind::NoNextPage(_) => {
                "The jobs that follow can't be listed: ask for them by their ids"
            }
            Kind::Deadline => "The job goes on and may be billed: wait for it again by its id",
            Kind::JobFailed { .. } => "Submit what is still wanted as a new job",
            Kind::NotCompleted => "Wait for the job to complete first",
            Kind::NoLink => "Ask for its results again later",
            Kind::Interrupted(_) | Kind::Link(_) | Kind::Stalled { .. } | Kind::Store(_) => {
                "The job is not harmed: ask for its results again"
            }
            Kind::File(_) => {
                "No checksum vouches for the records before it. Ask for the results again; if it stays like this, ask the \
                 provider for the job's file"
            }
            Kind::Line { .. } => "The lines after it can be read all the same",
            Kind::Count { .. } => {
                "Join the records to the identifiers to see which ones are missing"
            }
            Kind::NoResponse(_) | Kind::Status(_) | Kind::Unreadable { .. } | Kind::OtherJob(_) => {
                "It is safe to try again"
            }
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Submit => "submitting the job",
            Self::Job => "reading the job's status",
            Self::List => "listing the jobs",
            Self::Wait => "waiting for the end",
            Self::Credits => "reading the credits",
            Self::Endpoints => "reading what the account may call",
            Self::Usage => "listing the usage",
            Self::UsageEvent => "reading a usage event",
            Self::Results => "reading the results",
        })
    }
}

impl fmt::Display for Kind {
    /// Quotes what the server said, so that line ends and control characters in it stay visible.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSent(_) => f.write_str("no connection could be made, so nothing was sent"),
            Self::NoResponse(_) => f.write_str("the server did not respond"),
            Self::Status(response) => write!(f, "the API answered {response}"),
            Self::Store(StoreResponse(response)) => {
                write!(f, "the store of the results answered {}", response.status())
            }
            Self::Unreadable {
                status,
                body_excerpt,
                ..
            } => {
                write!(
                    f,
                    "the response ({status}) can't be read; it begins {body_excerpt:?}"
                )
            }
            Self::OtherJob(id) => write!(f, "the response is about another job, {id}"),
            Self::NoNextPage(what) => {
                write!(f, "the list says that more {what} follow, and not where")
            }
            Self::NoRequestId => f.write_str("no request has this id"),
            Self::Deadline => f.write_str("the deadline passed before the job was final"),
            Self::JobFailed { message: None } => f.write_str("the API gave the job up"),
            Self::JobFailed {
                message: Some(message),
            } => {
                write!(f, "the API gave the job up: {message:?}")
            }
            Self::Stalled { after } => write!(f, "no byte of the file came for {after:?}"),
            Self::NotCompleted => f.write_str("the job is not completed"),
            Self::NoLink => f.write_str("the job is completed and has no link to its results"),
            Self::Interrupted(reason) => write!(f, "the download broke off ({reason})"),
            Self::Link(reason) => write!(f, "the link leads to no file ({reason})"),
            Self::File(reason) => write!(f, "the file can't be read any further ({reason})"),
            Self::Line { number, reason, .. } => {
                write!(f, "line {number} can't be read ({reason})")
            }
            Self::Count { expected, found } => {
                write!(f, "the file has {found} lines, and the job says {expected}")
            }
        }
    }
}
