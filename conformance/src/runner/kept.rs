//! Which submissions that a correct server refuses are worth sending: those that the minutes allow and that break a rule
//! which the server was not yet seen to forget.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use super::clock::Clock;
use super::sender::Sender;
use crate::contract::expectation::{Expectation, Reason};
use crate::exchange::{Exchange, Request};
use crate::lock::lock;

/// The rules that a server is not known to forget, and the time that is left.
pub(super) struct Kept {
    /// Whether accepted jobs are counted, so that a rule which is forgotten is not pursued.
    counted: bool,
    clock: Arc<Clock>,
    most_seconds: Option<u64>,
    forgotten: Mutex<HashSet<Reason>>,
}

impl Kept {
    pub(super) fn new(sender: &Sender<'_>) -> Self {
        let config = sender.config;
        Self {
            counted: !config.embedded,
            clock: sender.clock().clone(),
            most_seconds: config.max_minutes.map(|minutes| minutes.saturating_mul(60)),
            forgotten: Mutex::default(),
        }
    }

    /// Whether the minutes are over.
    pub(super) fn is_late(&self) -> bool {
        let elapsed = self.clock.elapsed().as_secs();
        self.most_seconds.is_some_and(|most| elapsed >= most)
    }

    /// Whether `request` is to be refused, for a rule that the server may keep.
    pub(super) fn is_worth(&self, request: &Request) -> bool {
        let Expectation::Refuse(reasons) = request.expectation() else {
            return false;
        };
        let forgotten = lock(&self.forgotten);
        !self.counted || !reasons.iter().all(|reason| forgotten.contains(reason))
    }

    /// Notes what came of such a request.
    pub(super) fn note(&self, exchange: &Exchange) {
        if exchange.accepted()
            && let Expectation::Refuse(reasons) = exchange.request.expectation()
        {
            lock(&self.forgotten).extend(reasons);
        }
    }
}
