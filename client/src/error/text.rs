//! What errors say to people: what happened, then what to do.

use std::fmt;

use super::{Error, Failure, Kind, Operation};

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Failure {
            operation, kind, ..
        } = &*self.0;
        write!(f, "{operation} failed: {kind}. ")?;
        if self.is_outcome_unknown() {
            return self.fmt_unknown_outcome(f);
        }
        f.write_str(match (self.status(), operation) {
            (None, _) if self.is_not_sent() => "Check the base URL and the network, then try again",
            (Some(401), _) => "Check the API key",
            (Some(402), _) => "Add credits to the account: trying again does not help",
            (Some(403), _) => "Leave out what the account may not have: trying again does not help",
            (Some(404), Operation::Job) => {
                "Check the job's id, and that it belongs to this key's account"
            }
            (Some(404), _) => "Check the base URL",
            (Some(429), _) => "Wait, then try again",
            (Some(400..=499), _) => "Mend the request before trying again",
            _ => "It is safe to try again",
        })
    }
}

impl Error {
    fn fmt_unknown_outcome(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "The job may have been accepted, and submitting it again may bill it twice: look for it in the list \
             of jobs first",
        )?;
        match self.batch_id() {
            Some(id) => write!(f, ", or ask for job {id}, which the response names"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Submit => "submitting the job",
            Self::Job => "reading the job's status",
            Self::List => "listing the jobs",
        })
    }
}

impl fmt::Display for Kind {
    /// Quotes what the server said, so that line ends and control characters in it stay visible.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSent(_) => {
                f.write_str("no connection to the API could be made, so nothing was sent")
            }
            Self::NoResponse(_) => f.write_str("the API did not respond"),
            Self::Status(response) => response.fmt(f),
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
        }
    }
}
