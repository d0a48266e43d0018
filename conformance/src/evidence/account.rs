//! What the submissions show of the key and the account: which features were accepted, and which submissions
//! came while as many jobs were active as an account may have.

use std::collections::{BTreeSet, HashSet};

use super::timelines::text;
use super::{Numbered, Timeline};
use crate::contract::expectation::Feature;
use crate::contract::request::Credential;
use crate::exchange::Exchange;
use crate::generated::contract::{job::status, limits};

/// What the submissions show of the key and the account.
#[derive(Debug)]
pub struct Account {
    /// Whether a valid submission was accepted, so that key and account are in order.
    pub works: bool,
    /// Whether any request with the key was answered with a 2xx.
    pub key_works: bool,
    /// The features of all accepted submissions.
    pub accepted_features: HashSet<Feature>,
    /// Numbers of the valid submissions that were sent while as many jobs as an account may have were surely
    /// pending or processing: accepted before, and seen not to be over after.
    pub beyond_the_limit: BTreeSet<usize>,
}

impl Account {
    pub(super) fn of(exchanges: &[Numbered<'_>], timelines: &[Timeline<'_>]) -> Self {
        let accepted = || {
            exchanges
                .iter()
                .filter(|(_, exchange)| exchange.accepted_object().is_some())
                .filter_map(|(_, exchange)| exchange.request.expectation().valid())
        };
        Self {
            works: accepted().next().is_some(),
            key_works: exchanges.iter().any(|(_, exchange)| {
                exchange.accepted()
                    && Credential::of(&exchange.request.headers) == Credential::Configured
            }),
            accepted_features: accepted()
                .flat_map(|valid| valid.features.iter().copied())
                .collect(),
            beyond_the_limit: beyond_the_limit(exchanges, timelines),
        }
    }
}

fn beyond_the_limit(exchanges: &[Numbered<'_>], timelines: &[Timeline<'_>]) -> BTreeSet<usize> {
    // For each job, from its acceptance to the last poll that shows it active, before any that shows it over.
    let spans: Vec<(u128, u128)> = timelines
        .iter()
        .filter_map(|timeline| {
            let active = |status| matches!(status, Some(status::PENDING | status::PROCESSING));
            let polls = (timeline.states.iter()).take_while(|(_, job)| active(text(job, "status")));
            let ((_, last), _) = polls.last()?;
            Some((ended(timeline.submission.1), last.sent_after.as_micros()))
        })
        .collect();
    exchanges
        .iter()
        .filter(|(_, exchange)| exchange.request.expectation().valid().is_some())
        .filter(|(_, exchange)| {
            let throughout = |(from, to): &&(u128, u128)| {
                *from <= exchange.sent_after.as_micros() && ended(exchange) <= *to
            };
            spans.iter().filter(throughout).count() >= limits::ACTIVE_JOBS
        })
        .map(|(number, _)| *number)
        .collect()
}

/// When the last byte of the response came, in microseconds.
fn ended(exchange: &Exchange) -> u128 {
    exchange.sent_after.as_micros() + exchange.took.as_micros()
}
