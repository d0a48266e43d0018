//! The account's books: its balance, what was charged, and the usage event that each request leaves. How an event is shown
//! is in `routes::usage`.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::billing::{Charge, total};
use crate::generated::contract::submit;
use crate::received::ReceivedRequest;

/// Most events that are kept.
const EVENTS_MAX: usize = 10_000;
/// Most bytes of bodies of requests that events keep.
const BYTES_MAX: usize = 32 * 1024 * 1024;

/// A request of the account, as its usage shows it.
#[derive(Debug)]
pub(crate) struct Event {
    /// Id of the request.
    pub(crate) id: String,
    /// Path of the operation, with its parameter's name in place of the parameter.
    pub(crate) endpoint: &'static str,
    pub(crate) request: Arc<ReceivedRequest>,
    /// Status of the response.
    pub(crate) status: u16,
    /// Body of a refusal.
    pub(crate) error: Value,
    /// When the response was sent, in the instance's own time, as is every time here.
    pub(crate) at: Duration,
    pub(crate) charge: Option<Arc<Charge>>,
}

impl Event {
    /// Id of the only key.
    pub(crate) const API_KEY_ID: u32 = 170;
    /// What all requests come through.
    pub(crate) const SURFACE: &str = "api";

    /// What it is of, if it is of something that has a price.
    pub(crate) fn product(&self) -> Option<&'static str> {
        (self.endpoint == submit::PATH).then_some("batch_person_contact_enrich")
    }

    /// What the error of a refusal has under this key.
    pub(crate) fn error_key(&self, key: &str) -> Option<&str> {
        self.error["error"][key].as_str()
    }
}

/// An event that is shown.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) event: Arc<Event>,
    /// The event before it, of the same endpoint.
    pub(crate) previous: Option<Arc<Event>>,
    /// Whether it is asked for by its id, not listed.
    pub(crate) is_whole: bool,
}

/// An event, and when it appears; never, without a time.
#[derive(Debug)]
struct Entry {
    event: Arc<Event>,
    appears: Option<Duration>,
}

/// The books, oldest first.
#[derive(Debug)]
pub(crate) struct Ledger {
    /// Credits when the instance started.
    start: f64,
    spent: f64,
    charges: VecDeque<Arc<Charge>>,
    /// Most charges that are kept.
    bound: usize,
    entries: VecDeque<Entry>,
    bytes: usize,
}

impl Ledger {
    pub(crate) fn new(start: f64, bound: usize) -> Self {
        Self {
            start,
            spent: 0.0,
            charges: VecDeque::new(),
            bound,
            entries: VecDeque::new(),
            bytes: 0,
        }
    }

    pub(crate) fn balance(&self) -> f64 {
        self.start - self.spent
    }

    /// Whether the balance covers these credits. Of a balance that is used up, nothing is covered.
    pub(crate) fn covers(&self, credits: f64) -> bool {
        self.balance() > 0.0 && self.balance() >= credits
    }

    pub(crate) fn charge(&mut self, charge: Charge) -> Arc<Charge> {
        let charge = Arc::new(charge);
        self.spent += total(&charge.lines);
        self.charges.push_back(charge.clone());
        if self.charges.len() > self.bound {
            self.charges.pop_front();
        }
        charge
    }

    /// The charges, oldest first.
    pub(crate) fn charges(&self) -> Vec<Charge> {
        self.charges
            .iter()
            .map(|charge| (**charge).clone())
            .collect()
    }

    pub(crate) fn record(&mut self, event: Event, appears: Option<Duration>) {
        self.bytes += event.request.body.len();
        let event = Arc::new(event);
        self.entries.push_back(Entry { event, appears });
        while self.entries.len() > EVENTS_MAX || self.bytes > BYTES_MAX {
            let Some(oldest) = self.entries.pop_front() else {
                break;
            };
            self.bytes -= oldest.event.request.body.len();
        }
    }

    /// The events that have appeared by now, newest first.
    pub(crate) fn events(&self, now: Duration) -> impl Iterator<Item = &Arc<Event>> {
        let has_appeared = move |entry: &&Entry| entry.appears.is_some_and(|at| at <= now);
        let entries = self.entries.iter().rev().filter(has_appeared);
        entries.map(|entry| &entry.event)
    }
}
