//! The requests beside submissions that a run sends in any case, and the most of those that depend on what comes back.
//! A scenario sends them, and a plan counts them.

use super::account;
use super::config::RunConfig;
use crate::contract::expectation::Reason;
use crate::exchange::Request;
use crate::generated::contract::{job::status, limits, list::limit};
use crate::probes::scenario::{self, NO_SUCH_JOBS};
use crate::probes::submission::Authorization;

/// The most pages that one walk along the cursors asks for, where requests are counted.
const MOST_PAGES: usize = 3;
/// The most parts of results files that are fetched in all where requests are counted.
pub(super) const MOST_PARTS: usize = 12;
/// Jobs that are asked for in all ways once they are over: the first and the last.
const ASKED_AGAIN: u64 = 2;

/// The most requests that are counted, beside those for each job: the list after the refusals, up to two submissions too
/// many with a poll of each job, the ways to ask, for jobs that there are not too, the lists, with four walks, each with
/// two requests without a key, and the parts of files; what breaks each rule, three times more, and a list; and what is
/// asked of the account.
pub(super) const MOST: u64 = 1
    + (limits::ACTIVE_JOBS as u64 + 3)
    + (NO_SUCH_JOBS.len() as u64 + 3 * (2 + ASKED_AGAIN))
    + (22 + 17 + 4 * (2 + MOST_PAGES as u64))
    + (3 * Reason::ALL.len() as u64 + 1)
    + MOST_PARTS as u64
    + account::most(MOST_PAGES as u64);
/// The most requests for each job, beside its submission and the polls until it is over: one just after it
/// is accepted, the merged file, a last poll, and the merged file again.
pub(super) const MOST_PER_JOB: u64 = 4;

/// Asks for a job in the ways that a status can be asked for, but for the usual one.
pub(super) fn ways_to_ask(id: &str) -> [Request; 3] {
    [
        (Authorization::Absent, true),
        (Authorization::UnknownKey, true),
        (Authorization::Key, false),
    ]
    .map(|(authorization, with_version)| scenario::job(id, authorization, with_version))
}

/// Asks for the list in all the ways that a clause is about, but for the pages of a walk. What the others are held
/// against, the list without a filter, comes right before them.
pub(super) fn lists() -> Vec<Request> {
    let beyond = limit::MAX + 1;
    let below = i64::from(limit::MIN) - 1;
    let mut queries = vec![
        String::new(),
        format!("limit={beyond}"),
        format!("limit={below}"),
        "limit=-1".to_owned(),
        "limit=100000".to_owned(),
        format!("limit={}", limit::MIN),
    ];
    queries.extend(filtered(status::VALUES));
    queries.push("status=conformance".to_owned());
    let with_key = queries
        .iter()
        .map(|query| scenario::list(query, Authorization::Key));
    let locked = ["", "limit=2", "status=completed"].map(str::to_owned);
    with_key.chain(without_key(&locked)).collect()
}

/// Asks for the list once jobs are over.
pub(super) fn later_lists() -> Vec<Request> {
    let mut queries = vec![String::new()];
    queries.extend(filtered(&[status::COMPLETED, status::FAILED]));
    let queries = queries.iter();
    queries
        .map(|query| scenario::list(query, Authorization::Key))
        .collect()
}

/// Asks for the list in further ways without a key.
pub(super) fn locked_lists() -> Vec<Request> {
    let mut locked: Vec<String> = [status::PENDING, status::PROCESSING, status::FAILED]
        .map(|status| format!("status={status}"))
        .into();
    locked.push(format!("limit={}", limit::MAX));
    locked.push("status=conformance".to_owned());
    without_key(&locked).collect()
}

/// Asks for the newest jobs, as many as come on a page.
pub(super) fn newest() -> Request {
    scenario::list(&format!("limit={}", limit::MAX), Authorization::Key)
}

/// These without a key, and with one that no server knows.
fn without_key(queries: &[String]) -> impl Iterator<Item = Request> {
    let keys = [Authorization::Absent, Authorization::UnknownKey];
    let lists = move |key| queries.iter().map(move |query| scenario::list(query, key));
    keys.into_iter().flat_map(lists)
}

/// The list without a filter, then with each of these; and after each without one again, since a job may leave a status
/// meanwhile.
fn filtered(statuses: &[&str]) -> Vec<String> {
    let most = limit::MAX;
    let filtered = statuses.iter().flat_map(|status| {
        [
            format!("status={status}&limit={most}"),
            format!("limit={most}"),
        ]
    });
    std::iter::once(format!("limit={most}"))
        .chain(filtered)
        .collect()
}

/// The most pages that one walk along the cursors asks for.
pub(super) fn most_pages(config: &RunConfig) -> usize {
    if config.embedded {
        4 * MOST_PAGES
    } else {
        MOST_PAGES
    }
}
