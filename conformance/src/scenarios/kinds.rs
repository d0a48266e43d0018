//! The kinds of scenarios: what those of a kind are about, and how a client is to end in them.

use std::time::Duration;

use crustdata_mock::RateLimit;

use super::scenario::{Ends, Scenario, Setting};

pub(super) const ONCE: &[&str] = &["client.submits-once", "client.adopts"];
pub(super) const PACE: &[&str] = &["client.pace"];
pub(super) const ACTIVE: &[&str] = &["client.active-jobs", "client.pace"];
pub(super) const IDENTIFIERS: &[&str] = &["client.all-identifiers", "client.valid-request"];
pub(super) const ORIGIN: &[&str] = &["client.key-origin"];
pub(super) const TERMINAL: &[&str] = &["client.terminal"];
pub(super) const RESULTS: &[&str] = &["client.results"];
pub(super) const EXPIRED: &[&str] = &["client.expired-link"];
pub(super) const FAILURE: &[&str] = &["client.reports-failure"];
pub(super) const TOLERATES: &[&str] = &["client.tolerates"];

pub(super) const WORKS: Ends = Ends::Works("client.tolerates");
pub(super) const FAILS: Ends = Ends::Fails("client.reports-failure");
pub(super) const READS: Ends = Ends::Works("client.results");

/// The scenario that every client has to get through: whoever fails here can't be judged by the others.
pub(super) const PLAIN: Scenario = Scenario::new(
    "plain",
    "A compliant server, and a job that takes a moment.",
    &[],
    Ends::Works("client.tolerates"),
);

pub(super) const SETTING: Setting = PLAIN.mock;

/// Few requests, in a short window.
pub(super) const FEW: RateLimit = RateLimit {
    requests: 2,
    window: Duration::from_secs(6),
};

type Words = &'static [&'static str];

/// An answer gets lost.
pub(super) const fn lost(name: &'static str, about: &'static str, departures: Words) -> Scenario {
    Scenario::new(name, about, ONCE, Ends::Unknown).departs(departures)
}

/// The server leads to another origin.
pub(super) const fn strays(name: &'static str, about: &'static str, departures: Words) -> Scenario {
    Scenario::new(name, about, ORIGIN, Ends::Either).departs(departures)
}

/// Something goes wrong that the client has to tell of.
pub(super) const fn fails(name: &'static str, about: &'static str, departures: Words) -> Scenario {
    Scenario::new(name, about, FAILURE, FAILS).departs(departures)
}

/// The server does what the contract leaves open.
pub(super) const fn open(name: &'static str, about: &'static str, departures: Words) -> Scenario {
    Scenario::new(name, about, TOLERATES, WORKS).departs(departures)
}
