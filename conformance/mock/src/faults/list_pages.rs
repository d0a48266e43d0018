//! Faults in the pages of the list: their keys, their length, and how one leads to the next.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::Fault;
use crate::answer::Answer;
use crate::effect::Effect::{Page, Query};
use crate::generated::contract;

const SHAPE: &[&str] = &["list.shape"];
const LIMIT: &[&str] = &["list.limit"];
const PAGES: &[&str] = &["list.pages"];

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "list-without-has-more",
        breaks: SHAPE,
        about: "No page says whether there is more.",
        effects: &[Page(|answer, _| answer.keys().remove("has_more"))],
    },
    Fault {
        name: "list-last-page-without-cursor",
        breaks: SHAPE,
        about: "The last page has no next_cursor, not even null.",
        effects: &[Page(|answer, _| {
            if answer.keys().get("next_cursor") == Some(Value::Null) {
                answer.keys().remove("next_cursor");
            }
        })],
    },
    Fault {
        name: "list-cursor-is-no-id",
        breaks: SHAPE,
        about: "next_cursor is not the id of a job.",
        effects: &[Page(|answer, _| {
            if answer.keys().get("has_more") == Some(json!(true)) {
                answer.keys().set("next_cursor", "page-2");
            }
        })],
    },
    Fault {
        name: "list-jobs-null-when-empty",
        breaks: SHAPE,
        about: "A page without jobs has null for them.",
        effects: &[Page(|answer, _| {
            if answer.keys().get("jobs") == Some(json!([])) {
                answer.keys().set("jobs", Value::Null);
            }
        })],
    },
    Fault {
        name: "list-jobs-by-id",
        breaks: SHAPE,
        about: "The jobs of a filtered page are an object, by their ids.",
        effects: &[Page(|answer, query| {
            if query.status.is_some()
                && let Some(Value::Array(jobs)) = answer.keys().get("jobs")
            {
                let named = jobs
                    .into_iter()
                    .filter_map(|job| Some((job.get("batch_id")?.as_str()?.to_owned(), job)));
                answer.keys().set("jobs", named.collect::<Map<_, _>>());
            }
        })],
    },
    Fault {
        name: "list-limit-one-more",
        breaks: LIMIT,
        about: "A page has one job more than its limit.",
        effects: &[Query(|query| query.limit += 1)],
    },
    Fault {
        name: "list-limit-ignored-after-first-page",
        breaks: LIMIT,
        about: "Every page but the first has the default length.",
        effects: &[Query(|query| {
            if query.cursor.is_some() {
                query.limit = contract::list::limit::DEFAULT as usize;
            }
        })],
    },
    Fault {
        name: "list-zero-limit-unlimited",
        breaks: LIMIT,
        about: "A limit of zero stands for the default.",
        effects: &[Query(|query| {
            if query.asked == Some(0) {
                query.limit = contract::list::limit::DEFAULT as usize;
            }
        })],
    },
    Fault {
        name: "list-negative-limit-fails",
        breaks: LIMIT,
        about: "A negative limit fails with 500.",
        effects: &[Page(|answer, query| {
            if query.asked.is_some_and(|limit| limit < 0) {
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                *answer = Answer::error(status, "internal", "Negative limit.", json!({}));
            }
        })],
    },
    Fault {
        name: "list-large-limit-refused",
        breaks: LIMIT,
        about: "A limit above the bound is refused.",
        effects: &[Query(|query| {
            if query.asked.is_some_and(is_too_large) {
                query.objection = Some("limit is too large.");
            }
        })],
    },
    Fault {
        name: "list-repeats-last-job",
        breaks: PAGES,
        about: "A page starts with the last job of the page before.",
        effects: &[Page(|answer, query| {
            if let Some(Value::Array(jobs)) = answer.keys().get("jobs")
                && let [.., before, _] = jobs.as_slice()
                && answer.keys().get("has_more") == Some(json!(true))
                && query.limit > 1
            {
                answer.keys().set("next_cursor", before["batch_id"].clone());
            }
        })],
    },
    Fault {
        name: "list-skips-a-job",
        breaks: PAGES,
        about: "The first job of every page but the first is left out.",
        effects: &[Page(|answer, query| {
            if query.cursor.is_some()
                && let Some(Value::Array(mut jobs)) = answer.keys().get("jobs")
                && !jobs.is_empty()
            {
                jobs.remove(0);
                answer.keys().set("jobs", jobs);
            }
        })],
    },
    Fault {
        name: "list-cursor-ignored",
        breaks: PAGES,
        about: "Every page is the first one.",
        effects: &[Query(|query| query.cursor = None)],
    },
    Fault {
        name: "list-never-has-more",
        breaks: PAGES,
        about: "has_more is false, whatever follows.",
        effects: &[Page(|answer, _| answer.keys().set("has_more", false))],
    },
    Fault {
        name: "list-always-has-more",
        breaks: PAGES,
        about: "has_more is true on the last page, too.",
        effects: &[Page(|answer, _| answer.keys().set("has_more", true))],
    },
    Fault {
        name: "list-second-page-without-cursor",
        breaks: PAGES,
        about: "Pages after the first have no next_cursor, though there is more.",
        effects: &[Page(|answer, query| {
            if query.cursor.is_some() {
                answer.keys().set("next_cursor", Value::Null);
            }
        })],
    },
];

fn is_too_large(limit: i64) -> bool {
    limit > i64::from(contract::list::limit::MAX)
}
