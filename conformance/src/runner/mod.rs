//! Runs probes against a server and brings back the exchanges. What they mean is not judged here: the runner asks the
//! checks only what they need, and whether a smaller request still shows a failure.

mod account;
mod asker;
mod bought;
mod budget;
mod cases;
mod clock;
mod config;
mod end;
mod kept;
mod likely;
mod log;
mod outages;
mod pacer;
mod permits;
mod phases;
mod plan;
mod polls;
mod preflight;
mod progress;
mod requests;
mod sample;
mod scenario;
mod selection;
mod sender;
mod shrink;
mod smaller;
mod spending;
mod stop;
mod submitter;
mod transport;
mod trial;
mod webhook;

use std::pin::pin;

pub(crate) use asker::Asker;
pub use bought::{Bought, Depth, bought};
pub use config::{RunConfig, Webhook};
pub use end::{End, Run};
pub use plan::Plan;
pub(crate) use preflight::{is_refused, likely_cause, strange};
pub use progress::{Progress, Waiting};
pub use spending::Spending;
pub use stop::Stop;
pub(crate) use stop::key_remedy;
pub use transport::{MAX_BODY, TransportError};
pub(crate) use transport::{is_loopback, local};
pub use trial::{Skip, Trial};

use crate::recording::Recorder;
use progress::Reporter;
use sender::Sender;
use transport::Transport;

/// Runs the probes until they are through, something makes going on useless, or `interrupt` is ready; then the
/// requests under way are finished within their time-out, since one that is dropped may leave a job that nobody knows
/// of. Whatever the end, what was made of the exchanges so far comes back. They go to the `recorder`, where there is one.
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
        config.is_local(),
    )?;
    let most_requests = if config.embedded {
        None
    } else {
        Plan::of(config).requests
    };
    let reporter = Reporter::new(progress);
    let sender = Sender::new(config, transport, most_requests, recorder, reporter);
    let stop = {
        let mut phases = pin!(phases::run(&sender));
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
    let took = sender.clock().elapsed();
    let mut run = sender.into_run().await;
    run.end.stop = stop;
    run.end.took = took;
    Ok(run)
}
