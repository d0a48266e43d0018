//! `client.terminal`

use std::collections::HashMap;

use crate::checks::check::{Check, Judge, Level};
use crate::checks::course::Course;
use crate::checks::judgement::{Judgement, Tally};
use crate::checks::needs::Needs;
use crate::contract::request::Operation;
use crate::evidence::{JobId, Seen, state, text};
use crate::exchange::{Exchange, ended};
use crate::generated::contract::job::status;

pub(in crate::checks) static CHECK: Check = Check {
    id: "client.terminal",
    level: Level::Doc,
    text: "It polls until the job is over, however long that takes within the scenario, and not after.",
    source: "the provider's documentation: job status",
    applies: |_| false,
    needs: Needs::NOTHING,
    judge: Judge::Course(|| Box::<Terminal>::default()),
};

/// After so many microseconds a job may be asked for again: links expire, and another program may want them.
const LATER: u128 = 60_000_000;
/// The most jobs that are followed.
const MOST_JOBS: usize = 100_000;

/// Jobs that were seen to be over: when, unless there is a reason to ask once more.
#[derive(Debug, Default)]
struct Terminal {
    over: HashMap<JobId, Over>,
}

#[derive(Debug, Clone, Copy)]
struct Over {
    since: u128,
    /// The answer left something to ask for, or a file that it links to did not come.
    reason_to_ask: bool,
}

impl Course for Terminal {
    fn push(&mut self, seen: &Seen<'_>, tally: &mut Tally) {
        let exchange = seen.exchange;
        match exchange.request.operation() {
            Operation::Job(id) => self.poll(&JobId::of(id), seen, tally),
            // Which job's file it is does not matter: whoever has trouble with a file may look.
            Operation::Download(_) if !exchange.accepted() || exchange.outcome.is_err() => {
                for over in self.over.values_mut() {
                    over.reason_to_ask = true;
                }
            }
            _ => {}
        }
    }
}

impl Terminal {
    fn poll(&mut self, id: &JobId, seen: &Seen<'_>, tally: &mut Tally) {
        let exchange = seen.exchange;
        let sent = exchange.sent_after.as_micros();
        if let Some(over) = self.over.get_mut(id) {
            // One that was sent before the answer came could not know.
            if over.since < sent && sent < over.since + LATER && !over.reason_to_ask {
                let got = "one more, with no file that did not come";
                let judgement = Judgement::violated("no poll of a job that is over", got);
                tally.add(seen, judgement);
                return;
            }
        }
        let Some(links) = final_state(exchange) else {
            return;
        };
        tally.add(seen, Judgement::Satisfied);
        if self.over.len() < MOST_JOBS || self.over.contains_key(id) {
            let over = Over {
                since: ended(exchange),
                reason_to_ask: !links,
            };
            self.over.insert(id.clone(), over);
        }
    }
}

/// Whether a job that is over has all that there is to know of it: a completed one has its link.
fn final_state(exchange: &Exchange) -> Option<bool> {
    let job = state(exchange)?;
    match text(job, "status")? {
        status::FAILED => Some(true),
        status::COMPLETED => {
            let link = text(job, "download_url").is_some_and(|link| !link.is_empty());
            let parts = job.get("download_urls").and_then(|parts| parts.as_array());
            Some(link || parts.is_some_and(|parts| !parts.is_empty()))
        }
        _ => None,
    }
}
