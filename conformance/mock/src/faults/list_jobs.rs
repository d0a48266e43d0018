//! Faults in which jobs the list has, in which order, and who may see it.

use axum::http::StatusCode;
use serde_json::json;

use crate::edits::{Clauses, edit_list, is_large, status, when};
use crate::generated::contract;
use crate::hooks::{Fault, fault};
use crate::key::{Key, Locked, Target};
use crate::query::Query;
use crate::response::Response;

const ORDER: Clauses = &["list.order"];
const FILTER: Clauses = &["list.status-filter"];
const CONTAINS: Clauses = &["list.contains"];
const LOCKED: Clauses = &["list.authorization"];

pub(super) fn faults() -> Vec<Fault> {
    vec![
        fault("list-oldest-first-when-filtered", ORDER)
            .about("A filtered list starts with the oldest job.")
            .listed(|jobs, query| {
                if query.status.is_some() {
                    jobs.reverse();
                }
            }),
        fault("list-two-jobs-swapped", ORDER)
            .about("The third newest job comes before the second newest.")
            .listed(|jobs, _| {
                if jobs.len() > 2 {
                    jobs.swap(1, 2);
                }
            }),
        fault("list-by-id", ORDER)
            .about("The list is in the order of the ids, but for the newest job.")
            .listed(|jobs, _| {
                if let [_, others @ ..] = jobs.as_mut_slice() {
                    others.sort_by_key(|job| job.id);
                }
            }),
        fault("list-second-page-reversed", ORDER)
            .about("Every page but the first starts with its oldest job.")
            .page(when(
                |query: &Query| query.cursor.is_some(),
                edit_list("jobs", |it| it.reverse()),
            )),
        fault("list-filter-ignored", FILTER)
            .about("A known status filters nothing.")
            .query(|query, _| {
                if query.objection.is_none() {
                    query.status = None;
                }
            }),
        fault("list-filter-for-final-ignored", FILTER)
            .about("Who asks for the last of the statuses gets all jobs.")
            .query(|query, _| {
                if query.status.as_deref() == contract::job::status::VALUES.last().copied() {
                    query.status = None;
                }
            }),
        fault("list-unknown-status-empty", FILTER)
            .about("An unknown status gives an empty list.")
            .query(|query, _| {
                if is_unknown(query) {
                    query.objection = None;
                }
            }),
        fault("list-unknown-status-unprocessable", FILTER)
            .about("An unknown status gives 422.")
            .page(when(is_unknown, status(StatusCode::UNPROCESSABLE_ENTITY))),
        fault("list-without-newest", CONTAINS)
            .about("The newest job is not listed.")
            .listed(|jobs, _| {
                if !jobs.is_empty() {
                    jobs.remove(0);
                }
            }),
        fault("list-of-final-jobs", CONTAINS)
            .about("Only final jobs are listed, unless another status is asked for.")
            .listed(|jobs, query| {
                if query.status.is_none() {
                    jobs.retain(|job| job.phase(query.now).is_final());
                }
            }),
        fault("list-readable-without-key", LOCKED)
            .about("The list is readable without a key.")
            .locked(when(
                |it| is_list(it, Key::Missing),
                |refusal, _| *refusal = None,
            )),
        fault("list-readable-with-unknown-key", LOCKED)
            .about("The list is readable with any key.")
            .locked(when(
                |it| is_list(it, Key::Unknown),
                |refusal, _| *refusal = None,
            )),
        fault("list-empty-without-key", LOCKED)
            .about("Without a key the list is empty.")
            .locked(when(
                |it| is_list(it, Key::Missing),
                |refusal, _| {
                    let nothing = json!({"jobs": [], "next_cursor": null, "has_more": false});
                    *refusal = Some(Response::json(StatusCode::OK, nothing));
                },
            )),
        fault("list-out-of-order-across-pages", ORDER)
            .about("Short pages are in order by themselves, but not one after the other.")
            .listed(|jobs, query| {
                if jobs.len() > 2 && query.limit == 2 {
                    jobs.swap(1, 2);
                }
            }),
        fault("list-filter-leaves-out-the-oldest", FILTER)
            .about("A filtered list does not have the oldest job.")
            .listed(|jobs, query| {
                if query.status.is_some() {
                    jobs.pop();
                }
            }),
        fault("list-filter-finds-nothing", FILTER)
            .about("Who asks for completed jobs gets none.")
            .listed(|jobs, query| {
                if query.status.as_deref() == Some(contract::job::status::COMPLETED) {
                    jobs.clear();
                }
            }),
        fault("list-filter-leaves-out-webhooks", FILTER)
            .about("A filtered list has no job with a webhook.")
            .listed(|jobs, query| {
                if query.status.is_some() {
                    jobs.retain(|job| job.webhook_url.is_none());
                }
            }),
        fault("list-without-third-newest", CONTAINS)
            .about("The third newest job is not listed.")
            .listed(|jobs, _| {
                if jobs.len() > 2 {
                    jobs.remove(2);
                }
            }),
        fault("list-without-oldest", CONTAINS)
            .about("The oldest job is not listed, once there are two.")
            .listed(|jobs, _| jobs.truncate(1.max(jobs.len().saturating_sub(1)))),
        fault("list-without-large-jobs", CONTAINS)
            .about("A large job is not listed.")
            .listed(|jobs, _| jobs.retain(|job| !is_large(&**job))),
        fault("list-without-webhooks", CONTAINS)
            .about("A job with a webhook is not listed.")
            .listed(|jobs, _| jobs.retain(|job| job.webhook_url.is_none())),
    ]
}

/// Whether the status asked for is none that a job can have.
fn is_unknown(query: &Query) -> bool {
    let status = query.status.as_deref();
    status.is_some_and(|status| !contract::job::status::VALUES.contains(&status))
}

fn is_list(locked: &Locked, key: Key) -> bool {
    locked.target == Target::List && locked.key == key
}
