//! What exchanges show of the key and the account: which features were accepted, whether the key works, and which of the
//! account's paths there are.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use super::reading::state;
use super::requests::is_absent;
use crate::contract::expectation::Feature;
use crate::contract::request::{Credential, Operation, Version};
use crate::exchange::Exchange;

/// What the submissions so far show of the key and the account.
#[derive(Debug, Default)]
pub struct Account {
    /// Whether a valid submission was accepted, so that key and account are in order.
    pub works: bool,
    /// Whether any request with the key was answered with a 2xx.
    pub key_works: bool,
    /// The features of all accepted submissions.
    pub accepted_features: HashSet<Feature>,
    /// How often the server failed on valid submissions with the same features.
    failed: BTreeMap<Vec<Feature>, usize>,
    /// The first and the last balance that was read.
    pub balances: Option<(f64, f64)>,
    /// The account's operations that were answered with JSON: those that the server has.
    has: [bool; 3],
    /// Those that were answered as paths which it has not.
    has_not: [bool; 3],
}

impl Account {
    /// Whether the server has this operation of the account; `None` where it was not asked, or its answer says nothing.
    /// One event is an operation of its own only in name: where there is a list, there are events.
    pub fn has(&self, operation: Operation<'_>) -> Option<bool> {
        let place = place(operation)?;
        if self.has[place] {
            Some(true)
        } else {
            self.has_not[place].then_some(false)
        }
    }

    /// Whether the server has none of the account's paths, as far as it was asked.
    pub fn is_bare(&self) -> bool {
        self.has == [false; 3] && self.has_not != [false; 3]
    }

    /// Whether failures on submissions with this feature may have nothing to do with it: they are few, and the server
    /// fails on others, too, of which all features are accepted elsewhere.
    pub fn fails_anyway(&self, feature: Feature) -> bool {
        const FEW: usize = 3;
        let accepted = |features: &[Feature]| {
            (features.iter()).all(|feature| self.accepted_features.contains(feature))
        };
        let with_it = self
            .failed
            .iter()
            .filter(|(features, _)| features.contains(&feature));
        with_it.map(|(_, count)| count).sum::<usize>() < FEW
            && self.failed.keys().any(|features| accepted(features))
    }

    fn asked(&mut self, exchange: &Exchange) {
        let request = &exchange.request;
        let whole =
            request.credential() == Credential::Configured && request.version() == Version::Current;
        let operation = request.operation();
        let Some(place) = place(operation).filter(|_| whole) else {
            return;
        };
        if let Some(body) = state(exchange) {
            self.has[place] = true;
            let balance = body
                .get("account")
                .and_then(|account| account.get("credits"));
            if let Some(balance) = balance.and_then(Value::as_f64)
                && operation == Operation::Credits
            {
                let first = self.balances.map_or(balance, |(first, _)| first);
                self.balances = Some((first, balance));
            }
        } else if is_absent(exchange) && !matches!(operation, Operation::Event(_)) {
            self.has_not[place] = true;
        }
    }

    pub(super) fn push(&mut self, exchange: &Exchange) {
        self.asked(exchange);
        if is_failure(exchange)
            && let Some(valid) = exchange.request.expectation().valid()
        {
            *self.failed.entry(valid.features.clone()).or_default() += 1;
        }
        if !exchange.accepted() {
            return;
        }
        self.key_works |= exchange.request.credential() == Credential::Configured;
        if let Some(valid) = exchange.request.expectation().valid()
            && exchange.accepted_object().is_some()
        {
            self.works = true;
            self.accepted_features.extend(&valid.features);
        }
    }
}

/// Whether the server failed, of which a request need not be the cause.
pub fn is_failure(exchange: &Exchange) -> bool {
    exchange
        .status()
        .is_some_and(|status| status.is_server_error())
        && !exchange.throttled()
}

/// The place of an operation among those of the account.
fn place(operation: Operation<'_>) -> Option<usize> {
    match operation {
        Operation::Credits => Some(0),
        Operation::Endpoints => Some(1),
        Operation::Events | Operation::Event(_) => Some(2),
        _ => None,
    }
}
