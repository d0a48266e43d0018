//! What a client owes: the clauses that a *client* of the API is judged by, and their registry. They are judged by the
//! same exchanges as the server's clauses, and have no fault in the mock: what trips them is a client.
//!
//! A recording does not show all of it: what a client was given to do, what it wrote and how it ended is known only to
//! the one who ran it. Those clauses judge nothing here; `conformance client` adds what it knows.

mod active_jobs;
mod adopts;
mod all_identifiers;
mod authorization;
mod expired_link;
mod key_origin;
mod not_shown;
mod pace;
mod reports_failure;
mod results;
mod submits_once;
mod terminal;
mod tolerates;
mod unknown;
mod valid_request;
mod version;

use crate::checks::check::Check;

/// Every clause that a client is judged by, in the order of the contract.
pub static CLIENT_CHECKS: &[&Check] = &[
    &authorization::CHECK,
    &version::CHECK,
    &valid_request::CHECK,
    &all_identifiers::CHECK,
    &submits_once::CHECK,
    &adopts::CHECK,
    &active_jobs::CHECK,
    &pace::CHECK,
    &key_origin::CHECK,
    &terminal::CHECK,
    &results::CHECK,
    &expired_link::CHECK,
    &reports_failure::CHECK,
    &tolerates::CHECK,
];

/// The clause that a client is judged by with this id.
pub fn find_client(id: &str) -> Option<&'static Check> {
    CLIENT_CHECKS.iter().copied().find(|check| check.id == id)
}
