//! What the submissions show of the key and the account: which features were accepted, and whether the key works.

use std::collections::HashSet;

use crate::contract::expectation::Feature;
use crate::contract::request::Credential;
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
}

impl Account {
    pub(super) fn push(&mut self, exchange: &Exchange) {
        if !exchange.accepted() {
            return;
        }
        self.key_works |= Credential::of(&exchange.request.headers) == Credential::Configured;
        if let Some(valid) = exchange.request.expectation().valid()
            && exchange.accepted_object().is_some()
        {
            self.works = true;
            self.accepted_features.extend(&valid.features);
        }
    }
}
