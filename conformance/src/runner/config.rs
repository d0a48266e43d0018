//! What to run, against which server, within which limits, and what follows from that for a run.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use crustdata_mock::{Fault, MOCK_KEY, TEST_PROFILES};
use secrecy::SecretString;
use url::Url;

use super::trial::Trial;
use crate::checks::{CHECKS, Check};
use crate::exchange::{Exchange, Request};

/// What to run, against which server, within which limits.
#[derive(Debug, Clone)]
pub struct RunConfig {
    /// Base URL of the server.
    pub base_url: Url,
    /// The key.
    pub key: SecretString,
    /// Whether the server is the suite's own mock, which bills nobody: then jobs need no ceiling, several
    /// requests are under way at once, and failures are shrunk freely.
    pub embedded: bool,
    /// Most jobs that may be accepted; `None` for any number.
    pub max_jobs: Option<u64>,
    /// Minutes that a run may take for what costs no job; `None` for as many as there is something to send. What each
    /// rule needs to be judged is sent in any case.
    pub max_minutes: Option<u64>,
    /// Most submissions of the catalogue that a correct server refuses, beyond one for each rule; `None` for all of them.
    pub refusals: Option<usize>,
    /// Requests a minute; `None` for as many as the server takes.
    pub rpm: Option<u32>,
    /// Generated cases after the catalogue's probes.
    pub cases: u32,
    /// What all generated values follow from.
    pub seed: u64,
    /// Bound on one exchange.
    pub timeout: Duration,
    /// Where webhook deliveries are listened for; `None` where the server can't reach this machine.
    pub webhook: Option<Webhook>,
    /// Profiles of the user's own to look up, whose contacts may be billed.
    pub profile_urls: Vec<String>,
    /// The checks to serve; only probes that one of them needs are sent.
    pub checks: Vec<&'static Check>,
    /// Ways in which the embedded mock breaks the contract; none of any other server.
    pub faults: Vec<&'static Fault>,
    /// What a proof of the suite asks for.
    pub trial: Trial,
}

/// Where webhook deliveries are listened for.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The URL under which the server reaches it, where that is another one.
    pub base: Option<Url>,
}

impl Webhook {
    /// A free port of this machine.
    pub const FREE_PORT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
}

impl RunConfig {
    /// Bound on one exchange, unless somebody asks for another one.
    pub const TIMEOUT: Duration = Duration::from_secs(30);

    /// All checks on a mock of this process at this URL: as many jobs and refusals as there is something to send, and no
    /// generated cases.
    pub fn of_mock(base_url: Url) -> Self {
        Self {
            base_url,
            key: MOCK_KEY.to_owned().into(),
            embedded: true,
            max_jobs: None,
            max_minutes: None,
            refusals: None,
            rpm: None,
            cases: 0,
            seed: 1,
            timeout: Self::TIMEOUT,
            webhook: Some(Webhook {
                listen: Webhook::FREE_PORT,
                base: None,
            }),
            profile_urls: TEST_PROFILES.iter().map(|url| (*url).to_owned()).collect(),
            checks: CHECKS.to_vec(),
            faults: Vec::new(),
            trial: Trial::default(),
        }
    }

    /// Whether one of the selected checks is served by sending `request`.
    pub(super) fn needs(&self, request: &Request) -> bool {
        self.checks.iter().any(|check| check.wants(request))
    }

    /// Whether one of the selected checks may find fault with `exchange` by itself.
    pub(super) fn shown(&self, exchange: &Exchange) -> bool {
        self.checks.iter().any(|check| check.shown_by(exchange))
    }

    /// Whether the server is a mock in this process: connections to it can be kept.
    pub(super) fn is_local(&self) -> bool {
        self.embedded || self.trial.skip.is_some()
    }

    /// How long to wait for a webhook delivery after its job is over.
    pub(super) fn webhook_patience(&self) -> Duration {
        // A delivery takes time even where waiting takes none.
        if self.is_local() {
            Duration::from_secs(2)
        } else {
            Duration::from_secs(60)
        }
    }

    /// The first pause between two polls of a job; a mock whose clock moves with the requests needs none.
    pub(super) fn first_interval(&self) -> Duration {
        if self.embedded {
            Duration::ZERO
        } else {
            Duration::from_millis(20)
        }
    }
}
