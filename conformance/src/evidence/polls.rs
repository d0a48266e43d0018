//! Polls of jobs, and what pages of the list say of them, each in the light of what was seen of the job before.

use serde_json::{Map, Value};

use super::jobs::Jobs;
use super::reading::{JobId, state, text};
use super::submitted::{Known, Outcome, Progress, Submitted};
use crate::contract::request::{Credential, Operation};
use crate::exchange::Exchange;
use crate::generated::contract::job;

/// A poll of a job, in the light of what was seen of the job before.
#[derive(Debug)]
pub struct Poll<'a> {
    /// The exchange.
    pub exchange: &'a Exchange,
    /// The job's state, where the response shows it.
    pub state: Option<&'a Map<String, Value>>,
    /// The job's id, as its submission was answered with.
    pub id: &'a str,
    /// The job's submission.
    pub submitted: &'a Submitted,
    /// The last of the contract's statuses that a poll before showed.
    pub before: Option<&'static str>,
    /// The first final status that a poll before showed.
    pub end: Option<&'static str>,
    /// What that poll said of the outcome.
    pub outcome: Option<Outcome>,
    /// Whether this is not a poll, but what a page of the list says of the job.
    pub listed: bool,
    /// Whether this poll, or one before, showed the job when asked with the version header.
    pub found: bool,
}

impl Progress {
    pub(super) fn seen<'a>(self, exchange: &'a Exchange, jobs: &'a Jobs) -> Option<Poll<'a>> {
        let (id, submitted) = jobs.followed(self.job)?;
        Some(Poll::of(
            exchange,
            state(exchange),
            id,
            submitted,
            self.known,
        ))
    }
}

impl<'a> Poll<'a> {
    fn of(
        exchange: &'a Exchange,
        state: Option<&'a Map<String, Value>>,
        id: &'a str,
        submitted: &'a Submitted,
        known: Known,
    ) -> Self {
        Self {
            exchange,
            state,
            id,
            submitted,
            before: known.status,
            end: known.end,
            outcome: known.outcome,
            listed: false,
            found: submitted.found,
        }
    }
}

/// What a page of the list says of the jobs that were accepted in this run.
pub(super) fn listed<'a>(exchange: &'a Exchange, jobs: &'a Jobs) -> Vec<Poll<'a>> {
    let request = &exchange.request;
    if request.operation() != Operation::List || request.credential() != Credential::Configured {
        return Vec::new();
    }
    let page = state(exchange).and_then(|page| page.get("jobs")?.as_array());
    let listed = page.into_iter().flatten().filter_map(Value::as_object);
    listed
        .filter_map(|listed| {
            let place = jobs.place(&JobId::of(text(listed, job::ID_KEY)?))?;
            let (id, submitted) = jobs.followed(place)?;
            let known = submitted.known_at(exchange);
            Some(Poll {
                before: None,
                listed: true,
                ..Poll::of(exchange, Some(listed), id, submitted, known)
            })
        })
        .collect()
}
