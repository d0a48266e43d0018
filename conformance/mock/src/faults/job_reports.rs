//! Faults in what the status of a job says of its outcome: links, messages, and counts of what was found.

use serde_json::{Value, json};

use crate::edits::{
    Clauses, Submitted, has_max, is_completed, is_pending, is_processing, remove, set, set_to, when,
};
use crate::generated::contract;
use crate::hooks::{Fault, fault};
use crate::jobs::Poll;

const LINKS: Clauses = &["job.download-links"];
const MESSAGE: Clauses = &["job.error-message"];
const COUNTS: Clauses = &["job.counts"];

/// A link to nothing.
const EARLY_LINK: &str = "http://127.0.0.1/not-yet.jsonl.gz";

pub(super) fn faults() -> Vec<Fault> {
    vec![
        fault("link-while-processing", LINKS)
            .about("A job that is being worked on has a download_url.")
            .polled(when(is_processing, set("download_url", EARLY_LINK))),
        fault("part-links-while-processing", LINKS)
            .about("A job that is being worked on has download_urls, and no download_url.")
            .polled(when(
                is_processing,
                set("download_urls", json!([EARLY_LINK])),
            )),
        fault("completed-without-link", LINKS)
            .about("A completed job has no download_url.")
            .polled(when(is_completed, remove(&["download_url"]))),
        fault("link-only-once", LINKS)
            .about("The download_url of a completed job is null after the first poll with it.")
            .polled(when(
                |poll: &Poll| is_completed(poll) && poll.final_number > 1,
                set("download_url", Value::Null),
            )),
        fault("completed-with-only-parts", LINKS)
            .about("A completed job in several parts has no download_url.")
            .polled(when(
                |poll: &Poll| is_completed(poll) && poll.count() > poll.job.chunk_size,
                remove(&["download_url"]),
            )),
        fault("message-while-pending", MESSAGE)
            .about("error_message of a job that waits says so.")
            .polled(when(
                is_pending,
                set("error_message", "Waiting for a worker."),
            )),
        fault("message-while-processing", MESSAGE)
            .about("error_message of a job that is being worked on tells how far it is.")
            .polled(when(is_processing, set("error_message", "50% done"))),
        fault("message-when-completed", MESSAGE)
            .about("error_message of a completed job is \"None\".")
            .polled(when(is_completed, set("error_message", "None"))),
        fault("fulfilled-one-more", COUNTS)
            .about("entities_fulfilled of a completed job is one more than were requested.")
            .polled(when(is_completed, set_to("entities_fulfilled", one_more))),
        fault("fulfilled-counts-contacts", COUNTS)
            .about("entities_fulfilled counts each kind of contact that was looked for.")
            .polled(when(
                is_completed,
                set_to("entities_fulfilled", |poll: &Poll| {
                    poll.count() * contract::submit::fields::LEAVES.len()
                }),
            )),
        fault("fulfilled-exceeds-at-max", COUNTS)
            .about("entities_fulfilled is one too high for as many identifiers as there may be.")
            .polled(when(
                |poll: &Poll| is_completed(poll) && has_max(poll),
                set_to("entities_fulfilled", one_more),
            )),
        fault("fulfilled-before-the-end", COUNTS)
            .about("entities_fulfilled of a job that is being worked on counts the attempts.")
            .polled(when(
                is_processing,
                set_to("entities_fulfilled", |poll: &Poll| poll.count() * 2),
            )),
    ]
}

fn one_more(poll: &Poll) -> usize {
    poll.count() + 1
}
