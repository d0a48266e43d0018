//! How an instance of the mock is set up, and how its time passes.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use crate::Fault;
use crate::rate::RateLimit;

/// The only key that an instance accepts, unless its [`MockConfig`] names another one. It is no secret.
pub const MOCK_KEY: &str = "mock-key";

/// Set-up of one instance. The default is an honest server on a free port.
#[derive(Debug, Clone)]
pub struct MockConfig {
    /// Address to listen on; port 0 takes a free one. Default `127.0.0.1:0`.
    pub listen: SocketAddr,
    /// The key that requests must carry. Default [`MOCK_KEY`].
    pub key: String,
    /// How the time of jobs, links and rate limits passes. Default [`Clock::Manual`].
    pub clock: Clock,
    /// How long a job stays in each of its phases, in the instance's own time.
    pub timing: JobTiming,
    /// How jobs end. Default [`JobOutcome::Completed`].
    pub outcome: JobOutcome,
    /// How many requests are answered in a window of the instance's own time. Default: more than anyone sends.
    pub rate: RateLimit,
    /// The ways in which this instance departs from the plain honest server: faults and benign variants
    /// alike. Default none.
    pub faults: Vec<&'static Fault>,
}

impl Default for MockConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            key: MOCK_KEY.to_owned(),
            clock: Clock::Manual,
            timing: JobTiming::default(),
            outcome: JobOutcome::Completed,
            rate: RateLimit::GENEROUS,
            faults: Vec::new(),
        }
    }
}

/// How an instance's time passes. [`Mock::advance`](crate::Mock::advance) works with each of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// Time stands still but for [`Mock::advance`](crate::Mock::advance).
    Manual,
    /// Each request to the API adds this much, before it is answered.
    Ticking(Duration),
    /// Time passes as it does outside.
    Real,
}

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
