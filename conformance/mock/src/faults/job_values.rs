//! Faults in what the status of a job says: its keys, and what identifies it.

use serde_json::{Value, json};

use crate::edits::{
    Clauses, Submitted, copy, is_completed, is_final, is_large, is_processing, other_than, remove,
    set, set_to, when,
};
use crate::generated::contract;
use crate::hooks::{Fault, Hook, fault};
use crate::jobs::Poll;
use crate::response::Response;

const KEYS: Clauses = &["job.required-keys"];
const SAME: Clauses = &["job.same-job"];

pub(super) fn faults() -> Vec<Fault> {
    let action = other_than(
        contract::submit::accepted::ACTION,
        contract::submit::action::VALUES,
    );
    vec![
        fault("job-without-id", KEYS)
            .about("The status of a job does not name it.")
            .polled(remove(&["batch_id"])),
        fault("job-without-entity-when-final", KEYS)
            .about("A final job has no entity.")
            .polled(when(is_final, remove(&["entity"]))),
        fault("job-action-null-on-second-look", KEYS)
            .about("The action of a job is null on the second poll.")
            .polled(when(
                |poll: &Poll| poll.number == 2,
                set("action", Value::Null),
            )),
        fault("job-without-status-while-processing", KEYS)
            .about("A job that is being worked on has no status.")
            .polled(when(is_processing, remove(&["status"]))),
        fault("job-entity-in-object-when-large", KEYS)
            .about("The entity of a large job is an object.")
            .polled(when(
                is_large,
                set(
                    "entity",
                    json!({"type": contract::submit::accepted::ENTITY}),
                ),
            )),
        fault("job-wrapped-when-final", KEYS)
            .about("A final job comes under a key of its own.")
            .polled(when(is_final, |response: &mut Response, _| {
                response.wrap(|job| json!({"job": job}));
            })),
        fault("job-of-another-id", SAME)
            .about("The status of a job names the server's first job.")
            .polled(set_to("batch_id", |poll: &Poll| {
                poll.job.first_id.to_string()
            })),
        fault("job-of-another-action-while-processing", SAME)
            .about("The action of a job is another one while it is being worked on.")
            .polled(when(is_processing, set("action", action))),
        fault("job-counts-the-found-when-completed", SAME)
            .about("identifier_count of a completed job is the number of those found.")
            .polled(when(
                is_completed,
                copy("entities_fulfilled", "identifier_count"),
            )),
        fault("job-counts-one-more-on-second-look", SAME)
            .about("entities_requested is one too high from the second poll on.")
            .polled(when(
                |poll: &Poll| poll.number > 1,
                set_to("entities_requested", |poll: &Poll| poll.count() + 1),
            )),
        fault("job-counts-capped-at-chunk", SAME)
            .about("identifier_count of a job is never above the default chunk size.")
            .polled(set_to("identifier_count", |poll: &Poll| {
                poll.count()
                    .min(contract::submit::chunk_size::DEFAULT as usize)
            })),
        fault("job-entity-in-capitals-when-final", SAME)
            .about("The entity of a final job is written in capitals.")
            .polled(when(is_final, capitals("entity"))),
        fault("job-action-in-capitals-while-processing", SAME)
            .about("The action of a job that is being worked on is written in capitals.")
            .polled(when(is_processing, capitals("action"))),
        fault("job-identifier-count-as-text", SAME)
            .about("identifier_count of a job is a number in a string.")
            .polled(set_to("identifier_count", |poll: &Poll| {
                poll.count().to_string()
            })),
        fault("job-entities-requested-as-list-when-final", SAME)
            .about("entities_requested of a final job is the list of its identifiers.")
            .polled(when(
                is_final,
                set_to("entities_requested", |poll: &Poll| {
                    json!(poll.job.identifiers())
                }),
            )),
    ]
}

fn capitals(key: &'static str) -> impl Hook<Response, Poll> {
    move |response, _| {
        if let Some(Value::String(text)) = response.get(key) {
            response.set(key, text.to_uppercase());
        }
    }
}
