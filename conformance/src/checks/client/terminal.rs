//! `client.terminal`

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use crate::checks::check::{Check, Judge, Level};
use crate::checks::course::Course;
use crate::checks::fix::Fix;
use crate::checks::judgement::{Judgement, Tally};
use crate::checks::needs::Needs;
use crate::contract::request::Operation;
use crate::evidence::{Evidence, JobId, Seen, state, text};
use crate::exchange::{Exchange, ended};
use crate::generated::contract::job::status;

pub(in crate::checks) static CHECK: Check = Check {
    id: "client.terminal",
    level: Level::Doc,
    text: "It polls until the job is over, however long that takes within the scenario, and not after.",
    source: "the provider's documentation: job status",
    fix: Fix::in_client(
        "Poll until the status is `completed` or `failed`, with growing pauses and no deadline that is shorter than a job, and stop then.",
    ),
    applies: |_| false,
    needs: Needs::NOTHING,
    judge: Judge::Course(|| Box::<Terminal>::default()),
};

/// After so many microseconds a job may be asked for again: links expire, and another program may want them.
const LATER: u128 = 60_000_000;
/// The most jobs that are followed.
const MOST_JOBS: usize = 100_000;

/// Jobs that were seen to be over not long ago: when, unless there is a reason to ask once more.
#[derive(Debug, Default)]
struct Terminal {
    over: HashMap<JobId, Over>,
    /// When each was seen to be so, and which it is, in that order.
    recent: VecDeque<(u128, JobId)>,
}

#[derive(Debug)]
struct Over {
    since: u128,
    /// The answer left something to ask for, or a file that it links to did not come.
    reason_to_ask: bool,
    /// Whether a file was fetched since.
    fetched: bool,
    /// One more poll that was sent after a file was fetched: to fetch it again takes a fresh link, which is fine if that
    /// is what follows.
    once_more: Option<(usize, Arc<Exchange>)>,
}

impl Course for Terminal {
    fn push(&mut self, seen: &Seen<'_>, tally: &mut Tally) {
        let exchange = seen.exchange;
        self.forget(exchange.sent_after.as_micros());
        match exchange.request.operation() {
            Operation::Job(id) => self.poll(&JobId::of(id), seen, tally),
            // Which job's file it is does not matter: whoever has trouble with a file may look.
            Operation::Download(_) => {
                let came = exchange.accepted() && exchange.outcome.is_ok();
                for over in self.over.values_mut() {
                    over.reason_to_ask |= !came;
                    over.fetched |= came;
                    over.once_more = None;
                }
            }
            _ => {}
        }
    }

    fn conclude(&self, _evidence: &Evidence, tally: &mut Tally) {
        for (number, exchange) in self
            .over
            .values()
            .filter_map(|over| over.once_more.as_ref())
        {
            tally.add_of(*number, exchange, too_many());
        }
    }
}

fn too_many() -> Judgement {
    let got = "one more, and no file that it was needed for";
    Judgement::violated("no poll of a job that is over", got)
}

impl Terminal {
    /// Forgets the jobs that may be asked for again, but for those of which it is open whether they were too early.
    fn forget(&mut self, now: u128) {
        while let Some((since, id)) = self.recent.front()
            && since + LATER <= now
        {
            let is_it = |over: &Over| over.since == *since && over.once_more.is_none();
            if self.over.get(id).is_some_and(is_it) {
                self.over.remove(id);
            }
            self.recent.pop_front();
        }
    }

    fn poll(&mut self, id: &JobId, seen: &Seen<'_>, tally: &mut Tally) {
        let exchange = seen.exchange;
        let sent = exchange.sent_after.as_micros();
        if let Some(over) = self.over.get_mut(id) {
            // One that was sent before the answer came could not know.
            if over.since < sent && sent < over.since + LATER && !over.reason_to_ask {
                let before = over.once_more.replace((seen.number, exchange.clone()));
                if let Some((number, exchange)) = before {
                    tally.add_of(number, &exchange, too_many());
                }
                if !over.fetched {
                    over.once_more = None;
                    tally.add(seen, too_many());
                }
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
                fetched: false,
                once_more: None,
            };
            self.recent.push_back((over.since, id.clone()));
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
