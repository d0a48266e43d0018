//! The requests beside submissions that a run sends in any case, and the most of those that depend on what comes back.
//! A scenario sends them, and a plan counts them.

use super::config::RunConfig;
use crate::exchange::Request;
use crate::generated::contract::{job::status, limits, list::limit, submit::fields};
use crate::probes::scenario;
use crate::probes::submission::{Authorization, Contents};

/// The most pages that one walk along the cursors asks for, where requests are counted.
const MOST_PAGES: usize = 3;
/// The most parts of a results file that are fetched where requests are counted.
pub(super) const MOST_PARTS: usize = 10;

/// The most requests that are counted, beside those for each job: the list after the refusals, one submission too
/// many with a poll of each job, the ways to ask, the lists, and the parts of one file.
pub(super) const MOST: u64 =
    1 + (limits::ACTIVE_JOBS as u64 + 2) + 4 + (8 + MOST_PAGES as u64) + MOST_PARTS as u64;
/// The most requests for each job, beside its submission and the polls until it is over: one just after it
/// is accepted, the merged file, and a last poll.
pub(super) const MOST_PER_JOB: u64 = 3;

/// Asks for a job in the ways that a status can be asked for, but for the usual one.
pub(super) fn ways_to_ask(id: &str) -> [Request; 3] {
    [
        (Authorization::Key, false),
        (Authorization::Absent, true),
        (Authorization::UnknownKey, true),
    ]
    .map(|(authorization, with_version)| scenario::job(id, authorization, with_version))
}

/// Asks for the list in all the ways that a clause is about, but for the pages of a walk.
pub(super) fn lists(config: &RunConfig) -> Vec<Request> {
    let beyond = limit::MAX + 1;
    let below = i64::from(limit::MIN) - 1;
    let mut queries = vec![
        format!("limit={}", limit::MAX),
        String::new(),
        format!("limit={beyond}"),
        format!("limit={below}"),
        format!("status={}&limit={}", status::VALUES[2], limit::MAX),
        "status=conformance".to_owned(),
    ];
    if config.embedded {
        queries.extend(["limit=-1".to_owned(), "limit=100000".to_owned()]);
        queries.extend(
            status::VALUES
                .iter()
                .map(|status| format!("status={status}")),
        );
    }
    let with_key = queries
        .iter()
        .map(|query| scenario::list(query, Authorization::Key));
    let without = [Authorization::Absent, Authorization::UnknownKey]
        .map(|authorization| scenario::list("", authorization));
    with_key.chain(without).collect()
}

/// The most pages that one walk along the cursors asks for.
pub(super) fn most_pages(config: &RunConfig) -> usize {
    if config.embedded {
        4 * MOST_PAGES
    } else {
        MOST_PAGES
    }
}

/// Which jobs are followed to their end: all; where requests are counted and nobody is to be found, the first one, one
/// that asked for a shorthand, and the largest.
pub(super) fn worth_following(config: &RunConfig, jobs: &[&Contents]) -> Vec<usize> {
    if config.embedded || !config.profile_urls.is_empty() {
        return (0..jobs.len()).collect();
    }
    let shorthand = |job: &&Contents| match job.fields.as_deref() {
        Some([one]) => fields::LEAVES.iter().all(|(leaf, _)| leaf != one),
        _ => false,
    };
    let first = (!jobs.is_empty()).then_some(0);
    let shorthand = jobs.iter().position(shorthand);
    let largest = (0..jobs.len()).max_by_key(|job| jobs[*job].count);
    let mut worth: Vec<usize> = [first, shorthand, largest].into_iter().flatten().collect();
    worth.sort_unstable();
    worth.dedup();
    worth
}
