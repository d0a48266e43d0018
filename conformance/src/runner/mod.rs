//! Runs probes against a server and brings back the exchanges. What they mean is not judged here: the
//! runner asks the checks only whether a smaller request is worth looking for.

mod budget;
mod pacer;
mod progress;
mod sender;
mod shrink;
mod transport;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use http::StatusCode;
use secrecy::SecretString;
use url::Url;

pub use progress::{Progress, Waiting};
pub use transport::{MAX_BODY, TransportError};

use crate::checks::Check;
use crate::exchange::{Exchange, Request};
use crate::generated::contract::{ACTIVE_JOBS_MAX, WEBHOOK_URL_EXAMPLE};
use crate::probes::Probe;
use crate::probes::catalogue::Catalogue;
use budget::Budget;
use pacer::Pacer;
use progress::Teller;
use sender::{Record, Sender, Sent, Slots};
use transport::Transport;

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
    /// Requests a minute; `None` for as many as the server takes.
    pub rpm: Option<u32>,
    /// Made-up submissions after the catalogue's.
    pub cases: u32,
    /// What all made-up values follow from.
    pub seed: u64,
    /// Bound on one exchange.
    pub timeout: Duration,
    /// The checks to serve; only probes that one of them needs are sent.
    pub checks: Vec<&'static Check>,
}

/// What a run leaves behind.
#[derive(Debug)]
pub struct Run {
    /// All exchanges, in the order in which they were recorded.
    pub exchanges: Vec<Exchange>,
    /// Requests that the budget ruled out.
    pub skipped: Vec<Request>,
    /// Jobs that were accepted and not seen to be over.
    pub active: Vec<String>,
    /// Jobs that were accepted, or may have been.
    pub jobs: u64,
    /// Why the run ended early, if it did.
    pub stop: Option<Stop>,
    /// How long it took.
    pub took: Duration,
    /// How much of that was waiting for the pace, added up over all that sends.
    pub waited: Duration,
}

/// Why a run ended before its probes did.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    /// No connection, or no answer.
    #[error("the target can't be reached: {0}")]
    Unreachable(String),
    /// The key is refused.
    #[error("the target refuses the key with {0}: check CRUSTDATA_API_KEY")]
    KeyRefused(StatusCode),
    /// The server goes on answering 429 or 503.
    #[error(
        "the target keeps putting requests off with 429 or 503: try again later, or with a lower --rpm"
    )]
    PutOff,
    /// A job takes too long for the next one to be submitted.
    #[error("job {0} does not finish, and no further one may be submitted before")]
    SlowJobs(String),
    /// The user ended it.
    #[error("interrupted")]
    Interrupted,
}

/// Runs the probes until they are through, something makes going on useless, or `interrupt` is ready.
/// Whatever the end, the exchanges so far come back.
///
/// # Errors
///
/// When nothing can be sent at all: see [`TransportError`].
pub async fn run(
    config: &RunConfig,
    interrupt: impl Future<Output = ()>,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Run, TransportError> {
    let transport = Transport::new(
        config.base_url.clone(),
        &config.key,
        config.timeout,
        config.embedded,
    )?;
    let sender = Sender::new(
        transport,
        Budget::new(config.max_jobs),
        Pacer::new(config.rpm),
        Teller::new(progress),
    );
    let started = Instant::now();
    let stop = tokio::select! {
        end = drive(config, &sender) => end.err(),
        () = interrupt => Some(Stop::Interrupted),
    };
    let took = started.elapsed();
    let Record {
        exchanges,
        skipped,
        active,
        jobs,
        waited,
    } = sender.into_record().await;
    Ok(Run {
        exchanges,
        skipped,
        active,
        jobs,
        stop,
        took,
        waited,
    })
}

async fn drive(config: &RunConfig, sender: &Sender<'_>) -> Result<(), Stop> {
    let mut catalogue = Catalogue::new(config.seed, WEBHOOK_URL_EXAMPLE.to_owned());
    let mut slots = Slots::new(ACTIVE_JOBS_MAX);

    sender.teller.phase("preflight");
    let first_list = sender.list().await?;
    refused_key(sender, first_list)?;

    sender.teller.phase("refusals");
    send_all(config, sender, catalogue.refusals(), &mut slots).await?;
    sender.list().await?;

    sender.teller.phase("acceptance");
    let essentials = catalogue.essentials();
    let before = sender.count();
    send_all(config, sender, essentials, &mut slots).await?;
    let refused = sender.exchanges(|exchanges| {
        exchanges[before..]
            .iter()
            .any(crate::checks::acceptance::refused)
    });
    if config.embedded || refused {
        send_all(config, sender, catalogue.each_alone(), &mut slots).await?;
    }

    sender.teller.phase("made-up cases");
    let hand_made = sender.count();
    drop(slots);
    let failing = made_up_cases(config, sender).await?;
    sender.teller.phase("shrinking");
    shrink::shrink(config, sender, hand_made, failing).await
}

/// A wrong key would make every clause look broken, or kept.
fn refused_key(sender: &Sender<'_>, list: usize) -> Result<(), Stop> {
    let status = sender.exchanges(|exchanges| exchanges.get(list).and_then(Exchange::status));
    match status {
        Some(status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)) => {
            Err(Stop::KeyRefused(status))
        }
        _ => Ok(()),
    }
}

async fn send_all(
    config: &RunConfig,
    sender: &Sender<'_>,
    probes: Vec<Probe>,
    slots: &mut Slots,
) -> Result<(), Stop> {
    for probe in probes {
        if config.needs(&probe.request()) {
            sender.submit(&probe, slots).await?;
        }
    }
    Ok(())
}

/// A made-up case whose exchange some check finds fault with.
#[derive(Clone)]
struct Failing {
    case: u32,
    exchange: usize,
}

/// Sends the made-up cases, several at a time where nobody is billed for them.
async fn made_up_cases(config: &RunConfig, sender: &Sender<'_>) -> Result<Vec<Failing>, Stop> {
    let lines = if config.embedded { ACTIVE_JOBS_MAX } else { 1 };
    let next = AtomicU32::new(0);
    let line = async || {
        let mut slots = Slots::new(ACTIVE_JOBS_MAX / lines);
        let mut failing = Vec::new();
        loop {
            let case = next.fetch_add(1, Ordering::Relaxed);
            if case >= config.cases {
                return Ok(failing);
            }
            let probe = shrink::case(config.seed, case);
            if !config.needs(&probe.request()) {
                continue;
            }
            if let Sent::Exchange(exchange) = sender.submit(&probe, &mut slots).await?
                && sender.shows(exchange, |exchange| config.shown(exchange))
            {
                failing.push(Failing { case, exchange });
            }
        }
    };
    let mut failing = futures_util::future::try_join_all((0..lines).map(|_| line()))
        .await?
        .concat();
    failing.sort_by_key(|failing| failing.case);
    Ok(failing)
}

impl RunConfig {
    /// Whether one of the selected checks can judge an answer to `request`.
    fn needs(&self, request: &Request) -> bool {
        self.checks.iter().any(|check| (check.applies)(request))
    }

    /// Whether one of the selected checks may find fault with `exchange` by itself.
    fn shown(&self, exchange: &Exchange) -> bool {
        self.checks.iter().any(|check| check.shown_by(exchange))
    }
}
