//! Why a run ends before its probes do.

use std::net::SocketAddr;

use http::StatusCode;

/// Why a run ended before its probes did.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    /// No connection, or no response.
    #[error("the target can't be reached: {0}")]
    Unreachable(String),
    /// What listens there does not speak HTTP, or not over the transport that the base URL names.
    #[error("the target gives no HTTP response: {detail}; the likely cause: {likely}")]
    NoHttp {
        /// What went wrong.
        detail: String,
        /// Why, and what to do about it.
        likely: &'static str,
    },
    /// What answers there is another server, or one that is down.
    #[error(
        "the target is not a server of this API, or not in order: it answers {0}; check --base-url"
    )]
    NotThisApi(String),
    /// The key is refused.
    #[error("the target refuses the key with {status}: {}", key_remedy(*.status))]
    KeyRefused {
        /// What it is refused with.
        status: StatusCode,
    },
    /// The server goes on answering 429 or 503.
    #[error(
        "the target keeps throttling requests with 429 or 503: try again later, or with a lower --rpm"
    )]
    Throttled,
    /// A job takes too long for the next one to be submitted.
    #[error("job {0} does not finish, and no further one may be submitted before")]
    SlowJobs(String),
    /// The plan's ceiling on requests is reached.
    #[error(
        "all {0} requests of the plan are sent: jobs took more polls, or the server throttled more, than planned"
    )]
    OutOfRequests(u64),
    /// Webhook deliveries can't be listened for.
    #[error("can't listen for webhook deliveries on {0}: {1}")]
    NoListener(SocketAddr, String),
    /// One of the clauses is violated that a proof of the suite waits for.
    #[error("a clause is violated that the run was to show")]
    Enough,
    /// The user ended it.
    #[error("interrupted")]
    Interrupted,
}

impl Stop {
    /// Whether what answered is not a server of this API, so that nothing of what it did can be judged.
    pub fn nothing_to_judge(&self) -> bool {
        matches!(self, Self::NoHttp { .. } | Self::NotThisApi(_))
    }
}

/// What to do about a key that is refused with this status.
pub(crate) fn key_remedy(status: StatusCode) -> &'static str {
    match status {
        StatusCode::FORBIDDEN => {
            "batch access is switched on by the provider: ask for it, or use another key"
        }
        _ => "check CRUSTDATA_API_KEY",
    }
}
