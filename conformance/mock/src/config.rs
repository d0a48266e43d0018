//! How an instance of the mock is set up, and how its time passes.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, SystemTime};

use crate::catalogue;
use crate::conduct::{JobOutcome, JobTiming};
use crate::generated::contract;
use crate::hooks::Fault;
use crate::rate::RateLimit;

/// The only key that an instance accepts, unless its [`MockConfig`] names another one. It is no secret.
pub const MOCK_KEY: &str = "mock-key";

/// Set-up of one instance; [`MockConfig::start`] starts it. The default is a compliant server on a free port whose
/// time stands still.
///
/// ```
/// use crustdata_mock::{JobTiming, Mock};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mock = Mock::builder()
///     .profile("https://www.linkedin.com/in/somebody/") // has contacts; unknown profiles have none
///     .timing(JobTiming::AT_ONCE)                       // no job takes any time
///     .fault("status-processing")?                      // one thing is wrong
///     .start()
///     .await?;
/// # Ok(())
/// # }
/// ```
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
    /// How many requests are admitted to each operation on jobs, in a window of the instance's own time. Default: more
    /// than anyone sends.
    pub rate: RateLimit,
    /// The same of the account's balance, and of its endpoints. Default: the contract's, 300 a minute to each.
    pub account_rate: RateLimit,
    /// The same of the usage events, in the list and by their ids together. Default: the contract's, 60 a minute.
    pub usage_rate: RateLimit,
    /// The same of all requests together, beside the limits of each. Default: there is no such limit.
    pub key_rate: Option<RateLimit>,
    /// Most jobs that may be pending or processing at the same time. Default: the contract's bound.
    pub max_active_jobs: usize,
    /// Most jobs that are remembered: beyond them, the oldest that is final is forgotten. Default 5000.
    pub jobs_kept: usize,
    /// Profile URLs for which contacts of every kind are found, besides [`TEST_PROFILES`](crate::TEST_PROFILES).
    pub profiles: Vec<String>,
    /// Credits of the account when the instance starts. Default 1,000,000.
    pub credits: f64,
    /// How long after its response a request appears among the account's usage events, in the instance's own time.
    /// Default: the contract's, 10 s. [`Mock::delay_events`](crate::Mock::delay_events) changes it later.
    pub event_delay: Duration,
    /// Whether the server has the account's paths; where not, they are 404 as any unknown path is. Default true.
    pub has_account: bool,
    /// What the instance's clock shows when it starts, in dates and in the `Date` of every response. Default: what this
    /// machine's clock shows.
    pub starts_at: Option<SystemTime>,
    /// How long a request's head or body may take to come, in real time, and how long a connection may be idle.
    /// Default 75 s.
    pub read_timeout: Duration,
    /// Whether the store has an origin of its own: another port of the same address, where the API is not. Default no.
    pub separate_store: bool,
    /// The ways in which this instance departs from the plain compliant server: faults and benign variants
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
            account_rate: RateLimit::a_minute(contract::account::REQUESTS_PER_MINUTE),
            usage_rate: RateLimit::a_minute(contract::usage::REQUESTS_PER_MINUTE),
            key_rate: None,
            max_active_jobs: contract::limits::ACTIVE_JOBS,
            jobs_kept: 5000,
            profiles: Vec::new(),
            credits: 1_000_000.0,
            event_delay: Duration::from_secs(contract::usage::EVENT_DELAY_SECONDS.into()),
            has_account: true,
            starts_at: None,
            read_timeout: Duration::from_secs(75),
            separate_store: false,
            faults: Vec::new(),
        }
    }
}

impl MockConfig {
    /// Departs from the contract in one way more, by its name. [`faults`](crate::faults()) and
    /// [`variants`](crate::variants()) list them.
    ///
    /// # Errors
    ///
    /// If there is none of this name.
    pub fn fault(mut self, name: &str) -> Result<Self, UnknownFault> {
        let fault = catalogue::find(name).ok_or_else(|| UnknownFault(name.to_owned()))?;
        self.faults.push(fault);
        Ok(self)
    }

    /// Adds a profile URL for which contacts are found.
    #[must_use]
    pub fn profile(mut self, url: impl Into<String>) -> Self {
        self.profiles.push(url.into());
        self
    }

    /// Sets how time passes.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Sets how long jobs take.
    #[must_use]
    pub fn timing(mut self, timing: JobTiming) -> Self {
        self.timing = timing;
        self
    }

    /// Sets how jobs end.
    #[must_use]
    pub fn outcome(mut self, outcome: JobOutcome) -> Self {
        self.outcome = outcome;
        self
    }
}

/// There is no fault and no variant of this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no fault {0:?}; `crustdata_mock::faults()` and `variants()` list them")]
pub struct UnknownFault(String);

/// How an instance's time passes. [`Mock::advance`](crate::Mock::advance) works with each of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// Time stands still but for [`Mock::advance`](crate::Mock::advance).
    Manual,
    /// Each request to the API adds this much, before the response.
    Ticking(Duration),
    /// Time passes as it does outside.
    Real,
    /// Time passes so many times as fast.
    Fast(u32),
}

impl Clock {
    /// How many times as fast as outside the time passes by itself.
    pub(crate) fn times(self) -> u32 {
        match self {
            Self::Fast(times) => times.max(1),
            Self::Manual | Self::Ticking(_) | Self::Real => 1,
        }
    }
}
