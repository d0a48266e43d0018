//! The checks: one clause of the contract each, as a value in a file that has the clause's name.
//!
//! A check is a pure function over evidence. It sends nothing, and it does not know who did.

pub mod acceptance;
mod account;
pub(crate) mod accounts;
mod check;
mod client;
mod course;
mod delivered;
mod files;
mod fix;
mod job;
mod jobs;
mod judgement;
mod judging;
mod latest;
mod limit;
mod list;
mod lists;
mod needs;
mod refusal;
#[rustfmt::skip] // Rendered by `cargo xtask regen`.
mod registry;
mod reject;
mod response;
mod result;
mod submit;
pub(crate) mod usage;
mod webhook;
mod worded;

pub use check::{Check, Level};
pub use client::{CLIENT_CHECKS, find_client};
pub use fix::Fix;
pub use judgement::{Judgement, Other, Tally, Violation, Violations};
pub use judging::Judging;
pub use needs::{Needs, Submissions};
pub use registry::CHECKS;

/// The check of the clause with this id.
pub fn find(id: &str) -> Option<&'static Check> {
    CHECKS.iter().copied().find(|check| check.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_every_placeholder_is_filled() {
        let mut ids: Vec<_> = CHECKS.iter().map(|check| check.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), CHECKS.len());
        for check in CHECKS {
            let clause = check.clause();
            let unfilled = |(at, _): (usize, &str)| {
                clause[at + 1..].starts_with(|c: char| c.is_ascii_uppercase())
            };
            assert!(!clause.match_indices('{').any(unfilled), "{clause}");
        }
    }

    #[test]
    fn every_clause_says_what_to_change() {
        for check in CHECKS.iter().chain(CLIENT_CHECKS) {
            let (server, client) = (check.fix.server(), check.fix.client());
            let is_of_server = find(check.id).is_some();
            assert_eq!(server.is_some(), is_of_server, "{}", check.id);
            assert!(is_of_server || client.is_some(), "{}", check.id);
            for line in server.into_iter().chain(client) {
                assert!(line.ends_with('.') && !line.contains("::"), "{line}");
            }
        }
    }
}
