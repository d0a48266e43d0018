//! Faults in who may read what: a job in one of its phases, a page of the list in one of the ways to ask for it, without a
//! key or with any.

use super::named;
use crate::edits::Clauses;
use crate::hooks::{Fault, fault};
use crate::jobs::Phase;
use crate::key::{Key, Locked, Target};

const JOB: Clauses = &["job.authorization"];
const LIST: Clauses = &["list.authorization"];

type Is = fn(&Locked) -> bool;

/// What can be read: its name, the subject of a sentence, the clause, and whether a request is for it.
const THINGS: &[(&str, &str, Clauses, Is)] = &[
    ("pending-job", "A job that waits", JOB, |it| {
        it.phase == Some(Phase::Pending)
    }),
    ("processing-job", "A job that is worked on", JOB, |it| {
        it.phase == Some(Phase::Processing)
    }),
    ("completed-job", "A completed job", JOB, |it| {
        it.phase == Some(Phase::Completed)
    }),
    (
        "list-of-pending",
        "The list of jobs that wait",
        LIST,
        |it| has(it, "status=pending"),
    ),
    (
        "list-of-processing",
        "The list of jobs that are worked on",
        LIST,
        |it| has(it, "status=processing"),
    ),
    (
        "list-of-completed",
        "The list of completed jobs",
        LIST,
        |it| has(it, "status=completed"),
    ),
    ("list-of-failed", "The list of failed jobs", LIST, |it| {
        has(it, "status=failed")
    }),
    ("plain-list", "The list without any query", LIST, |it| {
        it.target == Target::List && it.query.is_empty()
    }),
    ("small-page", "A small page of the list", LIST, |it| {
        has(it, "limit=2") && !has(it, "cursor")
    }),
    ("largest-page", "The largest page of the list", LIST, |it| {
        has(it, "limit=100")
    }),
    (
        "later-page",
        "A page of the list with a cursor",
        LIST,
        |it| has(it, "cursor="),
    ),
];

pub(super) fn faults() -> Vec<Fault> {
    let keys = [
        ("without-key", "without a key", Key::Missing),
        ("with-any-key", "with any key", Key::Unknown),
    ];
    let faults = THINGS.iter().flat_map(|&(name, which, clause, is)| {
        keys.map(|(without, how, key)| {
            fault(named(format!("{name}-readable-{without}")), clause)
                .about(format!("{which} is readable {how}."))
                .locked(move |refusal, locked| {
                    if locked.key == key && is(locked) {
                        *refusal = None;
                    }
                })
        })
    });
    faults.collect()
}

fn has(locked: &Locked, query: &str) -> bool {
    locked.target == Target::List && locked.query.contains(query)
}
