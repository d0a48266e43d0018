//! Runs probes against a server and brings back the exchanges. What they mean is not judged here: the
//! runner asks the checks only whether a smaller request is worth looking for.

mod budget;
mod log;
mod pacer;
mod permits;
mod plan;
mod progress;
mod scenario;
mod sender;
mod shrink;
mod transport;
mod webhook;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use http::StatusCode;
use secrecy::SecretString;
use url::Url;

pub use plan::Plan;
pub use progress::{Progress, Waiting};
pub use transport::{MAX_BODY, TransportError};

use self::scenario::Scenario;
use crate::assessment::Assessment;
use crate::checks::{Check, acceptance};
use crate::exchange::{Exchange, Request};
use crate::generated::contract::{limits, list::limit::MAX as PAGE_LIMIT_MAX, submit::webhook_url};
use crate::probes::submission::Authorization;
use crate::probes::{self, Probe};
use crate::recording::Recorder;
use crate::redaction::Redaction;
use budget::Budget;
use pacer::Pacer;
use permits::Permits;
use plan::Probes;
use progress::Reporter;
use sender::{Sender, Sent};
use transport::Transport;
use webhook::Listener;

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
    /// Generated submissions after the catalogue's.
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
}

/// Where webhook deliveries are listened for.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The URL under which the server reaches it, where that is another one.
    pub base: Option<Url>,
}

/// What a run leaves behind.
#[derive(Debug)]
pub struct Run {
    /// What was made of its exchanges.
    pub assessment: Assessment,
    /// How it ended.
    pub end: End,
}

/// How a run ended.
#[derive(Debug, Default)]
pub struct End {
    /// Ids of the checks that would have been served by a request that the budget ruled out.
    pub skipped: BTreeSet<&'static str>,
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
    /// No connection, or no response.
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
    /// The plan's ceiling on requests is reached.
    #[error(
        "all {0} requests of the plan are sent: jobs took more polls, or the server throttled more, than planned"
    )]
    OutOfRequests(u64),
    /// Webhook deliveries can't be listened for.
    #[error("can't listen for webhook deliveries on {0}: {1}")]
    NoListener(SocketAddr, String),
    /// The user ended it.
    #[error("interrupted")]
    Interrupted,
}

/// Runs the probes until they are through, something makes going on useless, or `interrupt` is ready.
/// Whatever the end, what was made of the exchanges so far comes back. They go to the `recorder`, where there is one.
///
/// # Errors
///
/// When nothing can be sent at all: see [`TransportError`].
pub async fn run(
    config: &RunConfig,
    recorder: Option<Recorder>,
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
        Redaction::of(&config.key),
        Budget::new(config.max_jobs),
        Pacer::new(config.rpm, config.embedded),
        (!config.embedded).then(|| Plan::of(config).requests),
        Assessment::new(&config.checks, recorder),
        Reporter::new(progress),
    );
    let started = Instant::now();
    let stop = tokio::select! {
        end = drive(config, &sender) => end.err(),
        () = interrupt => Some(Stop::Interrupted),
    };
    let took = started.elapsed();
    let mut run = sender.into_run().await;
    run.end.stop = stop;
    run.end.took = took;
    Ok(run)
}

async fn drive(config: &RunConfig, sender: &Sender<'_>) -> Result<(), Stop> {
    let listener = match &config.webhook {
        Some(webhook) => Some(
            Listener::start(webhook.listen, webhook.base.clone(), sender.started())
                .await
                .map_err(|error| Stop::NoListener(webhook.listen, error.to_string()))?,
        ),
        None => None,
    };
    let webhook_url = listener.as_ref().map_or_else(
        || webhook_url::EXAMPLE.to_owned(),
        |listener| listener.url("first"),
    );
    let probes = Probes::of(config, webhook_url);
    let mut permits = Permits::new(limits::ACTIVE_JOBS, config.first_interval());
    let scenario = Scenario {
        config,
        sender,
        listener: listener.as_ref(),
    };

    sender.reporter.phase("preflight");
    let newest = || probes::scenario::list(&format!("limit={PAGE_LIMIT_MAX}"), Authorization::Key);
    let first_list = sender.ask(newest()).await?;
    refused_key(&first_list)?;

    sender.reporter.phase("refusals");
    send_all(sender, &probes.refusals, &mut permits).await?;
    if config.needs(&newest()) {
        sender.ask(newest()).await?;
    }

    sender.reporter.phase("acceptance");
    let before = sender.refused();
    let jobs = scenario.submit(&probes.baseline, &mut permits).await?;
    let refused = sender.refused() > before;

    sender.reporter.phase("jobs");
    scenario.ways_to_ask(&jobs).await?;
    scenario.lists().await?;
    scenario.follow(&jobs).await?;

    if config.embedded || refused {
        sender.reporter.phase("acceptance, one thing at a time");
        for probe in &probes.isolated {
            let sent = sender.submit(probe, &mut permits).await?;
            // A server that refuses at random is not to be blamed for the one thing that this one is about.
            if matches!(sent, Sent::Exchange(_, exchange) if acceptance::refused(&exchange)) {
                let again = Probe {
                    name: probe.name.clone(),
                    submission: probe.submission.anew(),
                };
                sender.submit(&again, &mut permits).await?;
            }
        }
    }

    sender.reporter.phase("generated cases");
    let hand_made = sender.count();
    if config.cases > 0 {
        permits.wait_for_all(sender).await?;
    }
    let failing = made_up_cases(config, sender).await?;
    sender.reporter.phase("shrinking");
    shrink::shrink(config, sender, hand_made, failing).await
}

/// A wrong key would make every clause look violated, or satisfied.
fn refused_key(list: &Exchange) -> Result<(), Stop> {
    match list.status() {
        Some(status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)) => {
            Err(Stop::KeyRefused(status))
        }
        _ => Ok(()),
    }
}

async fn send_all(
    sender: &Sender<'_>,
    probes: &[Probe],
    permits: &mut Permits,
) -> Result<(), Stop> {
    for probe in probes {
        sender.submit(probe, permits).await?;
    }
    Ok(())
}

/// A generated case whose exchange some check finds fault with.
#[derive(Clone)]
struct Failing {
    case: u32,
    exchange: usize,
}

/// Sends the generated cases, several at a time where nobody is billed for them.
async fn made_up_cases(config: &RunConfig, sender: &Sender<'_>) -> Result<Vec<Failing>, Stop> {
    let lines = if config.embedded {
        limits::ACTIVE_JOBS
    } else {
        1
    };
    let next = AtomicU32::new(0);
    let line = async || {
        let mut permits = Permits::new(limits::ACTIVE_JOBS / lines, config.first_interval());
        let mut failing = Vec::new();
        loop {
            let case = next.fetch_add(1, Ordering::Relaxed);
            if case >= config.cases {
                permits.wait_for_all(sender).await?;
                return Ok(failing);
            }
            let probe = shrink::case(config.seed, case);
            let request = probe.request();
            if !config.needs(&request) {
                continue;
            }
            let sent = sender.submit_as(request, &probe, &mut permits).await?;
            if let Sent::Exchange(number, exchange) = sent
                && config.shown(&exchange)
            {
                failing.push(Failing {
                    case,
                    exchange: number,
                });
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
    /// Whether one of the selected checks is served by sending `request`.
    fn needs(&self, request: &Request) -> bool {
        self.checks.iter().any(|check| check.wants(request))
    }

    /// Whether one of the selected checks may find fault with `exchange` by itself.
    fn shown(&self, exchange: &Exchange) -> bool {
        self.checks.iter().any(|check| check.shown_by(exchange))
    }
}
