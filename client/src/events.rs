//! What the client does by itself, reported to the caller's callback: it waits, and it makes requests again. With the
//! feature `tracing` each of these is a `tracing` event as well.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

/// Something that the client does by itself, so that a call takes longer than a request does; see
/// [`ClientBuilder::on_event`](crate::ClientBuilder::on_event). It has no secret in it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A call waits for its turn.
    #[non_exhaustive]
    Paced {
        /// How long, unless there is room sooner.
        wait: Duration,
    },
    /// The server asks for a longer wait than the client is set to believe
    /// ([`ClientBuilder::longest_wait`](crate::ClientBuilder::longest_wait)).
    #[non_exhaustive]
    WaitShortened {
        /// What the server asks for.
        asked: Duration,
        /// What it gets.
        wait: Duration,
    },
    /// A submission that was certainly not accepted is made again.
    #[non_exhaustive]
    SubmissionRetried {
        /// HTTP status of the refusal; none if no connection could be made.
        status: Option<u16>,
        /// The wait before the next attempt.
        wait: Duration,
    },
    /// A submission waits for an active job to end
    /// ([`ClientBuilder::max_active_jobs`](crate::ClientBuilder::max_active_jobs)).
    #[non_exhaustive]
    ActiveJobs {
        /// Active jobs that were seen, as far as they were counted.
        active: u32,
        /// The wait before they are counted again.
        wait: Duration,
    },
    /// A poll of a [`Wait`](crate::Wait) failed and is put up with.
    #[non_exhaustive]
    PollFailed {
        /// The job that is waited for.
        batch_id: Uuid,
        /// HTTP status, if a response came.
        status: Option<u16>,
    },
}

/// Whom to tell. All clones tell the same.
#[derive(Clone, Default)]
pub(crate) struct Events(Option<Arc<OnEvent>>);

type OnEvent = dyn Fn(&Event) + Send + Sync;

impl Events {
    pub(crate) fn new(call: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(call)))
    }

    pub(crate) fn tell(&self, event: &Event) {
        #[cfg(feature = "tracing")]
        tracing::debug!(?event);
        if let Some(call) = &self.0 {
            call(event);
        }
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Events")
    }
}
