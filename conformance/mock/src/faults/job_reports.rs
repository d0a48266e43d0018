//! Faults in what the status of a job says of its outcome: links, messages, and counts of what was found.

use serde_json::{Map, Value, json};

use crate::edits::{
    Clauses, Submitted, edit_list, has_max, is_completed, is_pending, is_processing, remove, set,
    set_to, when,
};
use crate::generated::contract;
use crate::hooks::{Fault, fault};
use crate::jobs::Poll;
use crate::response::Response;

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
        fault("link-without-host", LINKS)
            .about("The download_url of a completed job is a path.")
            .polled(when(
                is_completed,
                set_to("download_url", |poll: &Poll| {
                    format!("/store/{}", poll.job.id)
                }),
            )),
        fault("link-into-a-bucket", LINKS)
            .about("The download_url of a completed job is the name of an object in a bucket.")
            .polled(when(
                is_completed,
                set_to("download_url", |poll: &Poll| {
                    format!("s3://results/{}", poll.job.id)
                }),
            )),
        fault("link-in-an-object", LINKS)
            .about("The download_url of a completed job is an object with the link in it.")
            .polled(when(is_completed, |response: &mut Response, _| {
                let link = response.get("download_url");
                response.set("download_url", json!({"url": link}));
            })),
        fault("part-links-by-number", LINKS)
            .about("The links to the parts are an object, by their numbers.")
            .polled(when(is_completed, |response: &mut Response, _| {
                if let Some(Value::Array(links)) = response.get("download_urls") {
                    let numbered = links.into_iter().enumerate();
                    let numbered = numbered.map(|(number, link)| (number.to_string(), link));
                    response.set("download_urls", numbered.collect::<Map<_, _>>());
                }
            })),
        fault("part-links-in-objects", LINKS)
            .about("Each link to a part is an object with the link in it.")
            .polled(when(
                is_completed,
                edit_list("download_urls", |links| {
                    links
                        .iter_mut()
                        .for_each(|link| *link = json!({"url": link.take()}));
                }),
            )),
        fault("part-links-in-one-string", LINKS)
            .about("The links to the parts are one string, with commas between them.")
            .polled(when(is_completed, |response: &mut Response, _| {
                if let Some(Value::Array(links)) = response.get("download_urls") {
                    let links: Vec<&str> = links.iter().filter_map(Value::as_str).collect();
                    response.set("download_urls", links.join(","));
                }
            })),
    ]
}

fn one_more(poll: &Poll) -> usize {
    poll.count() + 1
}
