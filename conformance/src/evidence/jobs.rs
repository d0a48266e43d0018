//! The jobs and what was seen of them. A job is known by the id that its submission was answered with.

use std::collections::HashMap;

use bytes::Bytes;
use serde_json::{Map, Value};

use super::history::{self, Stage};
use super::links::Links;
use super::reading::{JobId, state, text};
use crate::contract::expectation::Count;
use crate::contract::request::{Credential, Operation, Version};
use crate::exchange::{Exchange, ended};
use crate::generated::contract::{
    job::{self, status},
    submit::accepted,
};

/// Of how many jobs the bodies of the submissions are kept.
const MOST_BODIES: usize = 100;
/// An accepted job, and what was seen of it.
#[derive(Debug)]
pub struct Job {
    /// Its id, as the server gave it.
    pub id: Box<str>,
    /// Number of the exchange in which it was accepted.
    pub exchange: usize,
    /// The statuses it was seen in, in the order of sending; the first is that of the acceptance.
    pub stages: Vec<Stage>,
    /// What its submission says; of a valid one whose id is a UUID.
    pub(super) submitted: Option<Submitted>,
    /// Whether another submission was given the same id. What is said under it then can't be told apart, and is
    /// the business of `submit.batch-id` alone.
    shared: bool,
}

impl Job {
    /// Whether its acceptance was over when this exchange was sent.
    pub fn is_accepted_before(&self, exchange: &Exchange) -> bool {
        let accepted = self.stages.first();
        accepted.is_some_and(|stage| u128::from(stage.from) <= exchange.sent_after.as_micros())
    }
}

/// What a valid submission says, what it was answered with, and what is known of its job.
#[derive(Debug)]
pub struct Submitted {
    /// How many identifiers it names.
    pub identifiers: Count,
    /// What is the same for the same identifiers in any order.
    pub fingerprint: u64,
    /// The fields it asks for: bit n stands for the n-th of the contract's.
    pub fields: u32,
    /// The body of the request; only of the newest jobs, else empty.
    pub body: Bytes,
    /// Whether the response gave what it had to under `entity`, `action`, `identifier_count` and
    /// `entities_requested`.
    right: [bool; 4],
    /// What polls showed that are over.
    known: Known,
    /// What those showed that another one was sent beside, each with the time of its end.
    overlapping: Vec<(u128, Known)>,
    /// Whether any poll showed it as neither pending nor processing.
    over: bool,
    /// Whether any poll with the version header showed it.
    found: bool,
    pub(super) links: Option<Box<Links>>,
}

/// What polls showed of a job.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    /// The last of the contract's statuses.
    status: Option<&'static str>,
    /// The first final one.
    end: Option<&'static str>,
    /// What the poll that showed it said of the outcome.
    outcome: Option<Outcome>,
}

/// The most polls of a job of which it is remembered that others were sent beside them.
const MOST_OVERLAPPING: usize = 100;

/// The values of a submission's response that those of the job are held against.
const CLAIMS: [&str; 4] = ["entity", "action", "identifier_count", "entities_requested"];

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

/// `entities_fulfilled` and `result_count` of a job, where it has them and they are not larger than any can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome([Option<u32>; 2]);

impl Outcome {
    /// The keys, in the order of the values.
    pub const KEYS: [&str; 2] = ["entities_fulfilled", "result_count"];

    /// What the state of a job says.
    pub fn of(job: &Map<String, Value>) -> Self {
        Self(Self::KEYS.map(|key| u32::try_from(job.get(key)?.as_u64()?).ok()))
    }

    /// The key and the values, before and `now`, of which both are there and differ.
    pub fn changed(self, now: Self) -> Option<(&'static str, u32, u32)> {
        let pairs = self.0.into_iter().zip(now.0).zip(Self::KEYS);
        pairs
            .filter_map(|((then, now), key)| Some((key, then?, now?)))
            .find(|(_, then, now)| then != now)
    }
}

/// What a poll changes.
#[derive(Debug)]
pub(super) struct Progress {
    /// The job's place.
    pub(super) job: usize,
    before: Option<&'static str>,
    end: Option<&'static str>,
    outcome: Option<Outcome>,
    /// Whether it shows the job as pending or processing; `None` where it shows no state, or was over before.
    pub(super) active: Option<bool>,
}

impl Progress {
    pub(super) fn seen<'a>(self, exchange: &'a Exchange, jobs: &'a Jobs) -> Option<Poll<'a>> {
        let job = jobs.jobs.get(self.job)?;
        let submitted = job.submitted.as_ref()?;
        Some(Poll {
            exchange,
            state: state(exchange),
            id: &job.id,
            submitted,
            found: submitted.found,
            before: self.before,
            end: self.end,
            outcome: self.outcome,
            listed: false,
        })
    }
}

#[derive(Debug)]
pub(super) struct Jobs {
    jobs: Vec<Job>,
    by_id: HashMap<JobId, usize>,
    /// Whether every accepted submission was given an id of its own.
    pub(super) ids_are_sound: bool,
}

impl Default for Jobs {
    fn default() -> Self {
        Self {
            jobs: Vec::new(),
            by_id: HashMap::new(),
            ids_are_sound: true,
        }
    }
}

impl Jobs {
    /// What a page of the list says of the jobs that were accepted in this run.
    pub(super) fn listed<'a>(&'a self, exchange: &'a Exchange) -> Vec<Poll<'a>> {
        let request = &exchange.request;
        if request.operation() != Operation::List
            || Credential::of(&request.headers) != Credential::Configured
        {
            return Vec::new();
        }
        let page = state(exchange).and_then(|page| page.get("jobs")?.as_array());
        let jobs = page.into_iter().flatten().filter_map(Value::as_object);
        jobs.filter_map(|listed| {
            let job = self.find(&JobId::of(text(listed, job::ID_KEY)?))?;
            let submitted = job.submitted.as_ref().filter(|_| !job.shared)?;
            Some(Poll {
                exchange,
                state: Some(listed),
                id: &job.id,
                submitted,
                before: None,
                end: submitted.known_at(exchange).end,
                outcome: submitted.known_at(exchange).outcome,
                listed: true,
                found: submitted.found,
            })
        })
        .collect()
    }

    pub(super) fn all(&self) -> &[Job] {
        &self.jobs
    }

    pub(super) fn find(&self, id: &JobId) -> Option<&Job> {
        self.jobs.get(*self.by_id.get(id)?)
    }

    /// The place of the job that can be followed and was accepted in this exchange.
    pub(super) fn submitted_by(&self, number: usize) -> Option<usize> {
        let last = self.jobs.len().checked_sub(1)?;
        let job = self.jobs.get(last)?;
        (job.exchange == number && job.submitted.is_some()).then_some(last)
    }

    /// The submission of the job in this place, where the job can be followed.
    pub(super) fn submitted(&self, job: usize) -> Option<&Submitted> {
        let job = self.jobs.get(job).filter(|job| !job.shared)?;
        job.submitted.as_ref()
    }

    pub(super) fn submitted_mut(&mut self, job: usize) -> Option<&mut Submitted> {
        let job = self.jobs.get_mut(job).filter(|job| !job.shared)?;
        job.submitted.as_mut()
    }

    /// Takes in an exchange; what it changes, where it is a poll of a job that can be followed.
    pub(super) fn push(&mut self, number: usize, exchange: &Exchange) -> Option<Progress> {
        match exchange.request.operation() {
            Operation::Submit => {
                if exchange.accepted() {
                    self.accepted(number, exchange);
                }
                None
            }
            Operation::Job(id) => {
                let place = *self.by_id.get(&JobId::of(id))?;
                let job = self.jobs.get_mut(place)?;
                history::look(&mut job.stages, exchange);
                if job.shared || Credential::of(&exchange.request.headers) != Credential::Configured
                {
                    return None;
                }
                let submitted = job.submitted.as_mut()?;
                Some(submitted.poll(place, exchange))
            }
            _ => None,
        }
    }

    fn accepted(&mut self, number: usize, exchange: &Exchange) {
        let object = exchange.accepted_object();
        let Some((object, id)) = object.and_then(|job| Some((job, text(job, job::ID_KEY)?))) else {
            self.ids_are_sound = false;
            return;
        };
        let key = JobId::of(id);
        self.ids_are_sound &= matches!(key, JobId::Uuid(_));
        if let Some(job) = self
            .by_id
            .get(&key)
            .and_then(|place| self.jobs.get_mut(*place))
        {
            self.ids_are_sound = false;
            job.shared = true;
            history::look(&mut job.stages, exchange);
            return;
        }
        let submitted = matches!(key, JobId::Uuid(_))
            .then(|| Submitted::of(exchange, object))
            .flatten();
        let mut job = Job {
            id: id.into(),
            exchange: number,
            stages: Vec::new(),
            submitted,
            shared: false,
        };
        history::look(&mut job.stages, exchange);
        self.by_id.insert(key, self.jobs.len());
        self.jobs.push(job);
        let older = self.jobs.len().checked_sub(MOST_BODIES + 1);
        if let Some(Job {
            submitted: Some(submitted),
            ..
        }) = older.and_then(|older| self.jobs.get_mut(older))
        {
            submitted.body = Bytes::new();
        }
    }
}

impl Submitted {
    fn of(exchange: &Exchange, accepted: &Map<String, Value>) -> Option<Self> {
        let valid = exchange.request.expectation().named()?;
        let is = |key: &str, expected: &str| text(accepted, key) == Some(expected);
        let counts = |key: &str| match valid.identifiers {
            Count::Exactly(sent) => accepted.get(key).and_then(Value::as_u64) == Some(sent as u64),
            Count::Open => false,
        };
        Some(Self {
            identifiers: valid.identifiers,
            fingerprint: valid.fingerprint,
            fields: valid.fields,
            body: exchange.request.body.clone(),
            right: [
                is(CLAIMS[0], accepted::ENTITY),
                is(CLAIMS[1], accepted::ACTION),
                counts(CLAIMS[2]),
                counts(CLAIMS[3]),
            ],
            known: Known::default(),
            overlapping: Vec::new(),
            over: false,
            found: false,
            links: None,
        })
    }

    /// What the response to the submission said under `key`, where that is right.
    pub fn claimed(&self, key: &str) -> Option<Value> {
        let place = CLAIMS.iter().position(|claim| *claim == key)?;
        if !self.right[place] {
            return None;
        }
        match (place, self.identifiers) {
            (0, _) => Some(accepted::ENTITY.into()),
            (1, _) => Some(accepted::ACTION.into()),
            (_, Count::Exactly(sent)) => Some(sent.into()),
            (_, Count::Open) => None,
        }
    }

    /// What was known of the job when this exchange was sent. What came back later says nothing of the order.
    fn known_at(&self, exchange: &Exchange) -> Known {
        let sent = exchange.sent_after.as_micros();
        let over = self.overlapping.iter().filter(|(ended, _)| *ended <= sent);
        over.fold(self.known, |known, (_, shown)| known.and(shown))
    }

    fn poll(&mut self, job: usize, exchange: &Exchange) -> Progress {
        let sent = exchange.sent_after.as_micros();
        self.known = self.known_at(exchange);
        self.overlapping.retain(|(ended, _)| *ended > sent);
        let mut progress = Progress {
            job,
            before: self.known.status,
            end: self.known.end,
            outcome: self.known.outcome,
            active: None,
        };
        if let Some(object) = state(exchange) {
            let status = text(object, "status");
            self.found |= Version::of(&exchange.request.headers) == Version::Current;
            let active = matches!(status, Some(status::PENDING | status::PROCESSING));
            if !self.over {
                progress.active = Some(active);
            }
            self.over |= !active;
            if let Some(status) = status.and_then(history::known) {
                let end = (!active).then_some(status);
                let shown = Known {
                    status: Some(status),
                    end,
                    outcome: end.map(|_| Outcome::of(object)),
                };
                if self.overlapping.len() < MOST_OVERLAPPING {
                    self.overlapping.push((ended(exchange), shown));
                }
            }
        }
        progress
    }
}

impl Known {
    /// The same, and what a later poll showed.
    fn and(self, later: &Self) -> Self {
        Self {
            status: later.status.or(self.status),
            end: self.end.or(later.end),
            outcome: self.outcome.or(later.outcome),
        }
    }
}
