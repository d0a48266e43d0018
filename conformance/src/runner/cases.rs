//! Sends the generated cases. How they are made, and made smaller, is in `shrink`.

use std::sync::atomic::{AtomicU32, Ordering};

use super::kept::Kept;
use super::sender::Sender;
use super::shrink::{Failing, case};
use super::stop::Stop;
use super::submitter::{Sent, Submitter};
use crate::contract::expectation::Expectation;
use crate::exchange::Request;
use crate::generated::contract::limits;

/// Which of the generated cases.
#[derive(Clone, Copy)]
pub(super) enum Part<'a> {
    /// All of them.
    All,
    /// Those that a correct server refuses, as long as they are worth it.
    Refusals(&'a Kept),
    /// The others.
    Others,
}

impl Part<'_> {
    fn holds(self, request: &Request) -> bool {
        match self {
            Self::All => true,
            Self::Refusals(kept) => !kept.is_late() && kept.is_worth(request),
            Self::Others => !matches!(request.expectation(), Expectation::Refuse(_)),
        }
    }
}

/// Sends this part of the generated cases, several at a time where nobody is billed for them, and names those that fail.
pub(super) async fn send(sender: &Sender<'_>, part: Part<'_>) -> Result<Vec<Failing>, Stop> {
    let config = sender.config;
    let workers = if config.embedded {
        limits::ACTIVE_JOBS
    } else {
        1
    };
    let next = AtomicU32::new(0);
    let worker = async || {
        let permits = limits::ACTIVE_JOBS / workers;
        let mut submitter = Submitter::new(sender, permits);
        let mut failing = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= config.cases {
                submitter.wait_for_all().await?;
                return Ok(failing);
            }
            let probe = case(config.seed, number);
            let request = probe.request();
            let is_counted_out = matches!(part, Part::Others) && !sender.has_jobs_left();
            if is_counted_out || !config.needs(&request) || !part.holds(&request) {
                continue;
            }
            let sent = submitter.submit_as(request, &probe).await?;
            let Sent::Exchange(recorded, exchange) = sent else {
                continue;
            };
            if let Part::Refusals(kept) = part {
                kept.note(&exchange);
            }
            if config.shown(&exchange) {
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
