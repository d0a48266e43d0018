//! Faults in which jobs the list has, in which order, and who may see it.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::Fault;
use crate::answer::Answer;
use crate::effect::Effect::{Lock, Page, Query, Sift, Unlock};
use crate::effect::{Locked, Target};
use crate::generated::contract;
use crate::routes::list::Query as Asked;
use crate::submission::Key;

const ORDER: &[&str] = &["list.order"];
const FILTER: &[&str] = &["list.status-filter"];
const CONTAINS: &[&str] = &["list.contains"];
const LOCKED: &[&str] = &["list.authorization"];

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "list-oldest-first-when-filtered",
        breaks: ORDER,
        about: "A filtered list starts with the oldest job.",
        effects: &[Sift(|jobs, query, _| {
            if query.status.is_some() {
                jobs.reverse();
            }
        })],
    },
    Fault {
        name: "list-two-jobs-swapped",
        breaks: ORDER,
        about: "The third newest job comes before the second newest.",
        effects: &[Sift(|jobs, _, _| {
            if jobs.len() > 2 {
                jobs.swap(1, 2);
            }
        })],
    },
    Fault {
        name: "list-by-id",
        breaks: ORDER,
        about: "The list is in the order of the ids, but for the newest job.",
        effects: &[Sift(|jobs, _, _| {
            if let [_, others @ ..] = jobs.as_mut_slice() {
                others.sort_by_key(|job| job.id);
            }
        })],
    },
    Fault {
        name: "list-second-page-reversed",
        breaks: ORDER,
        about: "Every page but the first starts with its oldest job.",
        effects: &[Page(|answer, query| {
            if query.cursor.is_some()
                && let Some(Value::Array(mut jobs)) = answer.keys().get("jobs")
            {
                jobs.reverse();
                answer.keys().set("jobs", jobs);
            }
        })],
    },
    Fault {
        name: "list-filter-ignored",
        breaks: FILTER,
        about: "A known status filters nothing.",
        effects: &[Query(|query| {
            if query.objection.is_none() {
                query.status = None;
            }
        })],
    },
    Fault {
        name: "list-filter-for-final-ignored",
        breaks: FILTER,
        about: "Who asks for the last of the statuses gets all jobs.",
        effects: &[Query(|query| {
            if query.status.as_deref() == contract::job::status::VALUES.last().copied() {
                query.status = None;
            }
        })],
    },
    Fault {
        name: "list-unknown-status-empty",
        breaks: FILTER,
        about: "An unknown status gives an empty list.",
        effects: &[Query(|query| {
            if is_unknown(query) {
                query.objection = None;
            }
        })],
    },
    Fault {
        name: "list-unknown-status-unprocessable",
        breaks: FILTER,
        about: "An unknown status gives 422.",
        effects: &[Page(|answer, query| {
            if is_unknown(query) {
                answer.status = StatusCode::UNPROCESSABLE_ENTITY;
            }
        })],
    },
    Fault {
        name: "list-without-newest",
        breaks: CONTAINS,
        about: "The newest job is not listed.",
        effects: &[Sift(|jobs, _, _| {
            if !jobs.is_empty() {
                jobs.remove(0);
            }
        })],
    },
    Fault {
        name: "list-of-final-jobs",
        breaks: CONTAINS,
        about: "Only final jobs are listed, unless another status is asked for.",
        effects: &[Sift(|jobs, query, now| {
            if query.status.is_none() {
                jobs.retain(|job| job.phase(now).is_final());
            }
        })],
    },
    Fault {
        name: "list-readable-without-key",
        breaks: LOCKED,
        about: "The list is readable without a key.",
        effects: &[Unlock(|it| is_list(it) && it.key == Key::Missing)],
    },
    Fault {
        name: "list-readable-with-unknown-key",
        breaks: LOCKED,
        about: "The list is readable with any key.",
        effects: &[Unlock(|it| is_list(it) && it.key == Key::Unknown)],
    },
    Fault {
        name: "list-empty-without-key",
        breaks: LOCKED,
        about: "Without a key the list is empty.",
        effects: &[Lock(|answer, it| {
            if is_list(it) && it.key == Key::Missing {
                let nothing = json!({"jobs": [], "next_cursor": null, "has_more": false});
                *answer = Answer::json(StatusCode::OK, nothing);
            }
        })],
    },
];

/// Whether the status asked for is none that a job can have.
fn is_unknown(query: &Asked) -> bool {
    let status = query.status.as_deref();
    status.is_some_and(|status| !contract::job::status::VALUES.contains(&status))
}

fn is_list(locked: &Locked) -> bool {
    matches!(locked.target, Target::List)
}
