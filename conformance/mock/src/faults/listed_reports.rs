//! Faults in what the list says of a job, whose own status is right.

use serde_json::{Map, Value, json};

use crate::edits::Clauses;
use crate::hooks::{Fault, fault};

const KEYS: Clauses = &["job.required-keys"];
const SAME: Clauses = &["job.same-job"];
const STATUS: Clauses = &["job.status"];
const COUNTS: Clauses = &["job.counts"];
const MESSAGE: Clauses = &["job.error-message"];
const LINKS: Clauses = &["job.download-links"];

type Job = Map<String, Value>;
/// A name, what it breaks, what is said of it, and what becomes of each job on a page.
type Entry = (&'static str, Clauses, &'static str, fn(&mut Job));

const FAULTS: &[Entry] = &[
    (
        "listed-without-entity",
        KEYS,
        "A job on a page has no entity.",
        |job| {
            job.remove("entity");
        },
    ),
    (
        "listed-without-action",
        KEYS,
        "A job on a page has no action.",
        |job| {
            job.remove("action");
        },
    ),
    (
        "listed-without-status",
        KEYS,
        "A job on a page has no status.",
        |job| {
            job.remove("status");
        },
    ),
    (
        "listed-action-null",
        KEYS,
        "The action of a job on a page is null.",
        |job| {
            set(job, "action", Value::Null);
        },
    ),
    (
        "listed-of-another-entity",
        SAME,
        "A job on a page is about companies.",
        |job| {
            set(job, "entity", "company");
        },
    ),
    (
        "listed-of-another-action",
        SAME,
        "A job on a page is a search.",
        |job| {
            set(job, "action", "search");
        },
    ),
    (
        "listed-with-one-identifier",
        SAME,
        "A job on a page has one identifier, always.",
        |job| {
            set(job, "identifier_count", 1);
        },
    ),
    (
        "listed-with-count-of-chunk",
        SAME,
        "A job on a page asks for at most a hundred.",
        |job| {
            let count = job.get("entities_requested").and_then(Value::as_u64);
            set(
                job,
                "entities_requested",
                count.unwrap_or_default().min(100),
            );
        },
    ),
    (
        "listed-with-counts-as-text",
        SAME,
        "The count of a job on a page is a string.",
        |job| {
            let count = job.get("identifier_count").map(Value::to_string);
            set(job, "identifier_count", count.unwrap_or_default());
        },
    ),
    (
        "listed-in-progress",
        STATUS,
        "A job on a page that is worked on is \"in_progress\".",
        |job| {
            if job.get("status") == Some(&json!("processing")) {
                set(job, "status", "in_progress");
            }
        },
    ),
    (
        "listed-fulfils-too-much",
        COUNTS,
        "A completed job on a page fulfils one too many.",
        |job| {
            if is_completed(job) {
                let count = job.get("entities_requested").and_then(Value::as_u64);
                set(job, "entities_fulfilled", count.unwrap_or_default() + 1);
            }
        },
    ),
    (
        "listed-with-message",
        MESSAGE,
        "A job on a page that is not over has a message.",
        |job| {
            if !is_completed(job) {
                set(job, "error_message", "not started");
            }
        },
    ),
    (
        "listed-with-message-when-completed",
        MESSAGE,
        "A completed job on a page has a message.",
        |job| {
            if is_completed(job) {
                set(job, "error_message", "None");
            }
        },
    ),
    (
        "listed-with-link",
        LINKS,
        "A job on a page that is not over has a link.",
        |job| {
            if !is_completed(job) {
                set(job, "download_url", "http://127.0.0.1/not-yet.jsonl.gz");
            }
        },
    ),
];

pub(super) fn faults() -> Vec<Fault> {
    let faults = FAULTS.iter().map(|&(name, breaks, about, edit)| {
        fault(name, breaks).about(about).page(move |response, _| {
            if let Some(Value::Array(mut jobs)) = response.get("jobs") {
                jobs.iter_mut()
                    .filter_map(Value::as_object_mut)
                    .for_each(edit);
                response.set("jobs", jobs);
            }
        })
    });
    faults.collect()
}

fn set(job: &mut Job, key: &str, value: impl Into<Value>) {
    job.insert(key.to_owned(), value.into());
}

fn is_completed(job: &Job) -> bool {
    job.get("status") == Some(&json!("completed"))
}
