//! What is known of one job: what its submission says and was answered with, and what polls showed of it since. Which
//! job that is, is not known here.

use bytes::Bytes;
use serde_json::{Map, Value};

use super::history;
use super::links::Links;
use super::reading::{state, text};
use crate::contract::expectation::Count;
use crate::contract::request::Version;
use crate::exchange::{Exchange, ended};
use crate::generated::contract::{job::status, submit::accepted};

/// What a valid submission says, what it was answered with, and what is known of its job.
#[derive(Debug)]
pub struct Submitted {
    /// How many identifiers it names.
    pub identifiers: Count,
    /// What is the same for the same identifiers in any order.
    pub fingerprint: u64,
    /// The fields it asks for: bit n stands for the n-th of the contract's.
    pub fields: u32,
    /// Whether the identifiers, and whether the fields, came as one string.
    pub strings: (bool, bool),
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
    pub(super) found: bool,
    pub(super) links: Option<Box<Links>>,
}

/// What polls showed of a job.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Known {
    /// The last of the contract's statuses.
    pub(super) status: Option<&'static str>,
    /// The first final one.
    pub(super) end: Option<&'static str>,
    /// What the poll that showed it said of the outcome.
    pub(super) outcome: Option<Outcome>,
}

/// What a poll changes.
#[derive(Debug)]
pub(super) struct Progress {
    /// The job's place.
    pub(super) job: usize,
    /// What was known of the job when the poll was sent.
    pub(super) known: Known,
    /// Whether it shows the job as pending or processing; `None` where it shows no state, or was over before.
    pub(super) active: Option<bool>,
}

/// The most polls of a job of which it is remembered that others were sent beside them.
const MOST_OVERLAPPING: usize = 100;

/// The values of a submission's response that those of the job are held against.
const CLAIMS: [&str; 4] = ["entity", "action", "identifier_count", "entities_requested"];

/// One of these.
#[derive(Debug, Clone, Copy)]
pub enum Claim<'a> {
    /// A string.
    Text(&'a str),
    /// A whole number.
    Count(usize),
}

impl From<Claim<'_>> for Value {
    fn from(claim: Claim<'_>) -> Self {
        match claim {
            Claim::Text(text) => text.into(),
            Claim::Count(count) => count.into(),
        }
    }
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

    /// Whether it can be that of a job about so many profiles: a record for each, and no more found.
    pub fn is_of(self, requested: u64) -> bool {
        self.fulfils(requested) && self.0[1].is_some_and(|records| u64::from(records) == requested)
    }

    /// Whether no more is found than was asked for.
    pub fn fulfils(self, requested: u64) -> bool {
        self.0[0].is_none_or(|found| u64::from(found) <= requested)
    }

    /// The key and the values, before and `now`, of which both are there and differ.
    pub fn changed(self, now: Self) -> Option<(&'static str, u32, u32)> {
        let pairs = self.0.into_iter().zip(now.0).zip(Self::KEYS);
        pairs
            .filter_map(|((then, now), key)| Some((key, then?, now?)))
            .find(|(_, then, now)| then != now)
    }
}

impl Submitted {
    pub(super) fn of(exchange: &Exchange, accepted: &Map<String, Value>) -> Option<Self> {
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
            strings: (valid.urls_string, valid.fields_string),
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
    pub fn claimed(&self, key: &str) -> Option<Claim<'static>> {
        let place = CLAIMS.iter().position(|claim| *claim == key)?;
        if !self.right[place] {
            return None;
        }
        match (place, self.identifiers) {
            (0, _) => Some(Claim::Text(accepted::ENTITY)),
            (1, _) => Some(Claim::Text(accepted::ACTION)),
            (_, Count::Exactly(sent)) => Some(Claim::Count(sent)),
            (_, Count::Open) => None,
        }
    }

    /// What was known of the job when this exchange was sent. What came back later says nothing of the order.
    pub(super) fn known_at(&self, exchange: &Exchange) -> Known {
        let sent = exchange.sent_after.as_micros();
        let over = self.overlapping.iter().filter(|(ended, _)| *ended <= sent);
        over.fold(self.known, |known, (_, shown)| known.and(shown))
    }

    /// Takes in a poll of it; `job` is its place.
    pub(super) fn poll(&mut self, job: usize, exchange: &Exchange) -> Progress {
        let sent = exchange.sent_after.as_micros();
        self.known = self.known_at(exchange);
        self.overlapping.retain(|(ended, _)| *ended > sent);
        let mut progress = Progress {
            job,
            known: self.known,
            active: None,
        };
        if let Some(object) = state(exchange) {
            let status = text(object, "status");
            self.found |= exchange.request.version() == Version::Current;
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
