//! Evidence: what checks look at. Exchanges are taken in one at a time, in the order in which their requests were
//! *sent*, and let go: what is kept is what later ones are held against, and its size follows the jobs, not the
//! traffic.
//!
//! What a check concludes from it is not decided here.

mod account;
mod canonical;
mod delivered;
mod files;
mod history;
mod jobs;
mod limit;
mod links;
mod polls;
mod reading;
mod requests;
mod submitted;

pub use account::{Account, is_failure};
pub use canonical::canonical;
#[cfg(test)]
pub(crate) use files::UNPACKED;
pub use files::{Download, Record, Unreadable};
pub use history::Stage;
pub use jobs::{Given, Job};
pub use limit::Settled;
pub use links::Parts;
pub use polls::Poll;
pub use reading::{JobId, is_uuid, state, text};
pub(crate) use reading::{ids, integer};
pub use requests::{Requested, Requests, Submission, date, is_absent};
pub use submitted::{Claim, Outcome, Submitted};

use std::sync::Arc;

use serde_json::Value;

use self::files::Files;
use self::jobs::Jobs;
use self::limit::Limit;
use crate::contract::request::{Credential, Operation};
use crate::exchange::{Exchange, Response};

/// What the exchanges so far show.
#[derive(Debug, Default)]
pub struct Evidence {
    jobs: Jobs,
    files: Files,
    limit: Limit,
    account: Account,
    requests: Requests,
}

/// An exchange, and what it shows in the light of those before.
#[derive(Debug)]
pub struct Seen<'a> {
    /// Number of the exchange in the recording, by which findings refer to it.
    pub number: usize,
    /// The exchange.
    pub exchange: &'a Arc<Exchange>,
    /// The poll that it is, where it asks with the key for a job whose id is its own.
    pub poll: Option<Poll<'a>>,
    /// The valid submissions of which it is known now whether they came while as many jobs were active as an
    /// account may have; most often this exchange, or none.
    pub settled: Vec<Settled>,
    /// What all exchanges so far show.
    pub evidence: &'a Evidence,
    files: Vec<files::File>,
}

impl Seen<'_> {
    /// What it says, as a page of the list, of the jobs that were accepted in this run.
    pub fn listed(&self) -> Vec<Poll<'_>> {
        polls::listed(self.exchange, &self.evidence.jobs)
    }

    /// The results files that it fetched, or that were fetched before by links that it gave: one for each job that
    /// links to one.
    pub fn downloads(&self) -> impl Iterator<Item = Download<'_>> {
        let jobs = &self.evidence.jobs;
        self.files.iter().flat_map(|file| file.downloads(jobs))
    }
}

impl Evidence {
    /// Takes in one more exchange, which has this number in the recording.
    pub fn push<'a>(&'a mut self, number: usize, exchange: &'a Arc<Exchange>) -> Seen<'a> {
        self.account.push(exchange);
        let poll = self.jobs.push(number, exchange);
        let settled = self.limit.push(number, exchange, poll.as_ref(), &self.jobs);
        let files = (self.files).push(number, exchange, poll.as_ref(), &mut self.jobs);
        self.requests.push(number, exchange, &self.jobs);
        for download in (files.iter()).flat_map(|file| file.downloads(&self.jobs)) {
            self.requests.delivered(download.job, &download);
        }
        events(exchange).for_each(|event| self.requests.charged(event));
        if let Some((place, job)) = self.jobs.forget() {
            self.files.forget(place, &job);
        }
        Seen {
            number,
            exchange,
            settled,
            poll: poll.and_then(|poll| poll.seen(exchange, &self.jobs)),
            files,
            evidence: self,
        }
    }

    /// The requests that a usage event may be of.
    pub fn requests(&self) -> &Requests {
        &self.requests
    }

    /// What exchanges show of the key and the account.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// Whether every accepted submission so far was given an id of its own, so that a list can be held against
    /// them.
    pub fn ids_are_sound(&self) -> bool {
        self.jobs.ids_are_sound
    }

    /// Whether an accepted submission was given this id.
    pub fn was_accepted(&self, id: &str) -> bool {
        self.given(id).is_some()
    }

    /// The submission that was given this id first.
    pub fn given(&self, id: &str) -> Option<Given> {
        self.jobs.given(&JobId::of(id))
    }

    /// The accepted jobs that are not forgotten, in the order of their submission. Of more than 10,000 those are
    /// forgotten first that are over.
    pub fn jobs(&self) -> impl DoubleEndedIterator<Item = &Job> + ExactSizeIterator + Clone {
        self.jobs.all()
    }

    /// How many jobs were accepted.
    pub fn accepted(&self) -> usize {
        self.jobs.accepted
    }

    /// The valid submissions of which it is not known whether they came while as many jobs were active as an
    /// account may have. If nothing more comes, nothing shows that they did.
    pub fn unsettled(&self) -> impl Iterator<Item = &Settled> {
        self.limit.unsettled()
    }
}

/// The usage events that a response shows, asked for with the key.
pub fn events(exchange: &Exchange) -> impl Iterator<Item = &Value> {
    let request = &exchange.request;
    let body = exchange.outcome.as_ref().ok().and_then(Response::json);
    let body =
        body.filter(|_| exchange.accepted() && request.credential() == Credential::Configured);
    let (listed, one) = match request.operation() {
        Operation::Events => (body.and_then(|body| body.get("events")?.as_array()), None),
        Operation::Event(_) => (None, body),
        _ => (None, None),
    };
    listed.into_iter().flatten().chain(one)
}
