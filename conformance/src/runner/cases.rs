//! Sends the generated cases. How they are made, and made smaller, is in `shrink`.

use std::sync::atomic::{AtomicU32, Ordering};

use super::config::RunConfig;
use super::sender::Sender;
use super::shrink::{Failing, case};
use super::stop::Stop;
use super::submitter::{Sent, Submitter};
use crate::generated::contract::limits;

/// Sends the generated cases, several at a time where nobody is billed for them, and names those that fail.
pub(super) async fn send(config: &RunConfig, sender: &Sender<'_>) -> Result<Vec<Failing>, Stop> {
    let workers = if config.embedded {
        limits::ACTIVE_JOBS
    } else {
        1
    };
    let next = AtomicU32::new(0);
    let worker = async || {
        let permits = limits::ACTIVE_JOBS / workers;
        let mut submitter = Submitter::new(sender, permits, config.first_interval());
        let mut failing = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= config.cases {
                submitter.wait_for_all().await?;
                return Ok(failing);
            }
            let probe = case(config.seed, number);
            let request = probe.request();
            if !config.needs(&request) {
                continue;
            }
            if let Sent::Exchange(recorded, exchange) = submitter.submit_as(request, &probe).await?
                && config.shown(&exchange)
            {
                failing.push(Failing {
                    case: number,
                    exchange: recorded,
                });
            }
        }
    };
    let mut failing = futures_util::future::try_join_all((0..workers).map(|_| worker()))
        .await?
        .concat();
    failing.sort_by_key(|failing| failing.case);
    Ok(failing)
}
