//! Runs probes against a server and brings back the exchanges. What they mean is not judged here: the
//! runner asks the checks only whether a smaller request is worth looking for.

mod budget;
mod cases;
mod config;
mod likely;
mod outages;
mod pacer;
mod permits;
mod phases;
mod plan;
mod polls;
mod preflight;
mod progress;
mod requests;
mod scenario;
mod selection;
mod sender;
mod shrink;
mod stop;
mod submitter;
mod transport;
mod webhook;

use std::pin::pin;
use std::time::{Duration, Instant};

pub use config::{RunConfig, Webhook};
pub use plan::Plan;
pub use progress::{Progress, Waiting};
pub use stop::Stop;
pub(crate) use transport::is_loopback;
pub use transport::{MAX_BODY, TransportError};

use crate::exchange::{Exchange, Request};
use crate::redaction::Redaction;
use budget::Budget;
use pacer::Pacer;
use progress::Reporter;
use sender::{Record, Sender};
use transport::Transport;

/// What a run leaves behind.
#[derive(Debug)]
pub struct Run {
    /// All exchanges, in the order in which they were recorded.
    pub exchanges: Vec<Exchange>,
    /// Requests that the budget ruled out.
    pub skipped: Vec<Request>,
    /// Submissions that were throttled in a way that leaves open whether a job was made, and were not repeated, since
    /// they name profiles of the user's.
    pub left_open: Vec<Request>,
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

/// Runs the probes until they are through, something makes going on useless, or `interrupt` is ready; then the
/// requests under way are finished within their time-out, since one that is dropped may leave a job that nobody knows
/// of. Whatever the end, the exchanges so far come back.
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
        Redaction::of(&config.key),
        Budget::new(config.max_jobs),
        Pacer::new(config.rpm, config.embedded),
        Plan::of(config).requests,
        Reporter::new(progress),
    );
    let started = Instant::now();
    let stop = {
        let mut phases = pin!(phases::run(config, &sender));
        tokio::select! {
            end = &mut phases => end.err(),
            () = interrupt => {
                sender.reporter.phase("interrupted: finishing the request under way");
                // In this order, so that no further request begins. What came of one that is finished is booked before
                // the phases wait for anything else.
                tokio::select! {
                    biased;
                    () = sender.finish() => {}
                    _ = &mut phases => {}
                }
                Some(Stop::Interrupted)
            }
        }
    };
    let took = started.elapsed();
    let Record {
        exchanges,
        skipped,
        left_open,
        active,
        jobs,
        waited,
    } = sender.into_record().await;
    Ok(Run {
        exchanges,
        skipped,
        left_open,
        active,
        jobs,
        stop,
        took,
        waited,
    })
}
