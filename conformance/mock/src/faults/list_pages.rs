//! Faults in the pages of the list: their keys, their length, and how one leads to the next.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::edits::{Clauses, edit_list, remove, set, when};
use crate::generated::contract;
use crate::hooks::{Fault, fault};
use crate::query::Query;
use crate::response::Response;

const SHAPE: Clauses = &["list.shape"];
const LIMIT: Clauses = &["list.limit"];
const PAGES: Clauses = &["list.pages"];

pub(super) fn faults() -> Vec<Fault> {
    vec![
        fault("list-without-has-more", SHAPE)
            .about("No page says whether there is more.")
            .page(remove(&["has_more"])),
        fault("list-last-page-without-cursor", SHAPE)
            .about("The last page has no next_cursor, not even null.")
            .page(|response, _| {
                if response.get("next_cursor") == Some(Value::Null) {
                    response.remove("next_cursor");
                }
            }),
        fault("list-cursor-is-no-id", SHAPE)
            .about("next_cursor is not the id of a job.")
            .page(|response, _| {
                if response.get("has_more") == Some(json!(true)) {
                    response.set("next_cursor", "page-2");
                }
            }),
        fault("list-jobs-null-when-empty", SHAPE)
            .about("A page without jobs has null for them.")
            .page(|response, _| {
                if response.get("jobs") == Some(json!([])) {
                    response.set("jobs", Value::Null);
                }
            }),
        fault("list-jobs-by-id", SHAPE)
            .about("The jobs of a filtered page are an object, by their ids.")
            .page(|response, query| {
                if query.status.is_some()
                    && let Some(Value::Array(jobs)) = response.get("jobs")
                {
                    let named = jobs
                        .into_iter()
                        .filter_map(|job| Some((job.get("batch_id")?.as_str()?.to_owned(), job)));
                    response.set("jobs", named.collect::<Map<_, _>>());
                }
            }),
        fault("list-limit-one-more", LIMIT)
            .about("A page has one job more than its limit.")
            .query(|query, _| query.limit += 1),
        fault("list-limit-ignored-after-first-page", LIMIT)
            .about("Every page but the first has the default length.")
            .query(|query, _| {
                if query.cursor.is_some() {
                    query.limit = contract::list::limit::DEFAULT as usize;
                }
            }),
        fault("list-zero-limit-unlimited", LIMIT)
            .about("A limit of zero stands for the default.")
            .query(|query, _| {
                if query.asked == Some(0) {
                    query.limit = contract::list::limit::DEFAULT as usize;
                }
            }),
        fault("list-negative-limit-fails", LIMIT)
            .about("A negative limit fails with 500.")
            .page(|response, query| {
                if query.asked.is_some_and(|limit| limit < 0) {
                    let status = StatusCode::INTERNAL_SERVER_ERROR;
                    *response = Response::error(status, "internal", "Negative limit.", json!({}));
                }
            }),
        fault("list-large-limit-refused", LIMIT)
            .about("A limit above the bound is refused.")
            .query(|query, _| {
                if query.asked.is_some_and(is_too_large) {
                    query.objection = Some("limit is too large.");
                }
            }),
        fault("list-repeats-last-job", PAGES)
            .about("A page starts with the last job of the page before.")
            .page(|response, query| {
                if let Some(Value::Array(jobs)) = response.get("jobs")
                    && let [.., before, _] = jobs.as_slice()
                    && response.get("has_more") == Some(json!(true))
                    && query.limit > 1
                {
                    response.set("next_cursor", before["batch_id"].clone());
                }
            }),
        fault("list-skips-a-job", PAGES)
            .about("The first job of every page but the first is left out.")
            .page(when(
                is_later,
                edit_list("jobs", |jobs| {
                    jobs.drain(..1.min(jobs.len()));
                }),
            )),
        fault("list-cursor-ignored", PAGES)
            .about("Every page is the first one.")
            .query(|query, _| query.cursor = None),
        fault("list-never-has-more", PAGES)
            .about("has_more is false, whatever follows.")
            .page(set("has_more", false)),
        fault("list-always-has-more", PAGES)
            .about("has_more is true on the last page, too.")
            .page(set("has_more", true)),
        fault("list-ends-with-second-page", PAGES)
            .about("The second page is said to be the last one, whatever follows.")
            .listed(|jobs, query| {
                let before = jobs.iter().position(|job| Some(job.id) == query.cursor);
                if let Some(before) = before {
                    jobs.truncate(before + 1 + query.limit);
                }
            }),
        fault("list-ends-with-first-page", PAGES)
            .about("A page with a small limit is said to be the last one, whatever follows.")
            .page(|response, query| {
                if query.limit < 10 {
                    response.set("has_more", false);
                    response.set("next_cursor", Value::Null);
                }
            }),
        fault("list-second-page-without-cursor", PAGES)
            .about("Pages after the first have no next_cursor, though there is more.")
            .page(when(is_later, set("next_cursor", Value::Null))),
        fault("list-jobs-without-id", SHAPE)
            .about("The jobs of a page have id for their key, and no batch_id.")
            .page(edit_list("jobs", |jobs| {
                for job in jobs.iter_mut().filter_map(Value::as_object_mut) {
                    let id = job.remove("batch_id").unwrap_or_default();
                    job.insert("id".to_owned(), id);
                }
            })),
    ]
}

/// Whether the page is not the first.
fn is_later(query: &Query) -> bool {
    query.cursor.is_some()
}

fn is_too_large(limit: i64) -> bool {
    limit > i64::from(contract::list::limit::MAX)
}
