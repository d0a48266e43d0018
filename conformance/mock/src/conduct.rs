//! How a server behaves whatever it is asked: how long its jobs take, how they end, and how fast it responds.

use std::time::Duration;

use crate::rate::Rates;

/// How a job ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobOutcome {
    /// With a results file.
    Completed,
    /// Without.
    Failed,
}

/// How long a job stays in the phases before it is final.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobTiming {
    /// Time between acceptance and the first work on the job. Default 30 s.
    pub pending: Duration,
    /// Time of the work. Default 120 s.
    pub processing: Duration,
}

impl JobTiming {
    /// Jobs are final as soon as they are accepted.
    pub const AT_ONCE: Self = Self {
        pending: Duration::ZERO,
        processing: Duration::ZERO,
    };
}

impl Default for JobTiming {
    /// The contract speaks of two to three minutes a job.
    fn default() -> Self {
        Self {
            pending: Duration::from_secs(30),
            processing: Duration::from_secs(120),
        }
    }
}

/// What the set-up and the hooks on it come to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Conduct {
    pub(crate) timing: JobTiming,
    pub(crate) outcome: JobOutcome,
    pub(crate) rates: Rates,
    /// How long after its response a request appears among the usage events.
    pub(crate) event_delay: Duration,
    /// Whether there is anything below `/account`.
    pub(crate) has_account: bool,
    /// How long each response is held back, in real time.
    pub(crate) latency: Duration,
    /// Every request whose number is a multiple of this gets 503, and nothing is done.
    pub(crate) unavailable_every: Option<u64>,
}
