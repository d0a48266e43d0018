//! Faults in whether a job is found, and by whom.

use axum::http::StatusCode;
use serde_json::json;

use crate::edits::{Clauses, is_completed, is_large, is_processing, status, when};
use crate::generated::contract;
use crate::hooks::{Fault, Hook, fault};
use crate::jobs::Poll;
use crate::key::{Key, Locked, Target};
use crate::response::{Framing, Response};

const FOUND: Clauses = &["job.found"];
const LOCKED: Clauses = &["job.authorization"];
const UNKNOWN: Clauses = &["job.unknown-id"];

const FAILURE: StatusCode = StatusCode::INTERNAL_SERVER_ERROR;

pub(super) fn faults() -> Vec<Fault> {
    [found(), locked(), unknown()]
        .into_iter()
        .flatten()
        .collect()
}

fn found() -> Vec<Fault> {
    vec![
        fault("job-not-found-at-first", FOUND)
            .about("The first poll of a job finds nothing.")
            .polled(when(
                |poll: &Poll| poll.has_version && poll.number == 1,
                lose,
            )),
        fault("job-not-found-on-second-look", FOUND)
            .about("The second poll of a job finds nothing.")
            .polled(when(
                |poll: &Poll| poll.has_version && poll.number == 2,
                lose,
            )),
        fault("job-gone-after-completion", FOUND)
            .about("A job is not found once it was seen to be final.")
            .polled(when(
                |poll: &Poll| poll.has_version && poll.final_number > 1,
                lose,
            )),
        fault("job-not-found-when-large", FOUND)
            .about("The status of a large job fails with 500.")
            .polled(versioned(is_large, |response| {
                *response = Response::error(FAILURE, "internal", "Too large to count.", json!({}));
            })),
        fault("job-accepted-while-processing", FOUND)
            .about("The status of a job that is being worked on gets 202.")
            .polled(versioned(is_processing, |it| {
                it.status = StatusCode::ACCEPTED
            })),
        fault("job-in-a-list", FOUND)
            .about("The status of a job is a list of one job.")
            .polled(versioned(|_| true, |it| it.wrap(|job| json!([job])))),
        fault("job-as-html", FOUND)
            .about("The status of a completed job is a web page.")
            .polled(versioned(is_completed, |it| {
                it.set_text("text/html", "<h1>Done</h1>")
            })),
        fault("job-cut-off", FOUND)
            .about("The connection breaks off in the status of a completed job.")
            .polled(versioned(is_completed, |it| {
                it.framing = Framing::Truncated
            })),
        fault("job-needs-version", &["job.version-optional"])
            .about("The status of a job is refused without a version.")
            .polled(when(
                |poll: &Poll| !poll.has_version,
                |response: &mut Response, _| {
                    let header = contract::header::API_VERSION;
                    *response = Response::bad_request(format!("The header {header} is required."));
                },
            )),
        fault(
            "job-needs-version-when-completed",
            &["job.version-optional"],
        )
        .about("The status of a completed job is refused without a version.")
        .polled(when(
            |poll: &Poll| !poll.has_version && is_completed(poll),
            |response: &mut Response, _| {
                *response = Response::bad_request("The version is required.");
            },
        )),
    ]
}

fn locked() -> Vec<Fault> {
    vec![
        fault("job-readable-without-key", LOCKED)
            .about("The status of a job is readable without a key.")
            .locked(when(|it| is_job(it) && it.key == Key::Missing, unlock)),
        fault("job-readable-with-unknown-key", LOCKED)
            .about("The status of a job is readable with any key.")
            .locked(when(|it| is_job(it) && it.key == Key::Unknown, unlock)),
        fault("job-readable-when-final", LOCKED)
            .about("The status of a job is readable without a key once it is final.")
            .locked(when(|it| it.target == Target::FinalJob, unlock)),
        fault("job-redirects-without-key", LOCKED)
            .about("Who polls a job without a key is sent to another page.")
            .locked(|refusal, locked| {
                if let Some(response) = refusal.as_mut().filter(|_| is_job(locked)) {
                    response.status = StatusCode::FOUND;
                }
            }),
        fault("job-fails-with-unknown-key", LOCKED)
            .about("The status of a job fails with 500 if the key is unknown.")
            .locked(|refusal, locked| {
                let is_unknown = is_job(locked) && locked.key == Key::Unknown;
                if let Some(response) = refusal.as_mut().filter(|_| is_unknown) {
                    response.restate(FAILURE);
                }
            }),
        fault("job-readable-with-unknown-key-when-final", LOCKED)
            .about("The status of a job is readable with any key once it is final.")
            .locked(when(
                |it| it.target == Target::FinalJob && it.key == Key::Unknown,
                unlock,
            )),
    ]
}

fn unknown() -> Vec<Fault> {
    vec![
        fault("unknown-job-empty", UNKNOWN)
            .about("A job that does not exist is an empty object.")
            .unknown(|response, _| *response = Response::json(StatusCode::OK, json!({}))),
        fault("unknown-job-ok", UNKNOWN)
            .about("A job that does not exist is missed by the body, and found by the status.")
            .unknown(status(StatusCode::OK)),
        fault("unknown-job-fails", UNKNOWN)
            .about("A poll of a job that does not exist fails with 500.")
            .unknown(status(FAILURE)),
        fault("unknown-job-of-other-form-fails", UNKNOWN)
            .about("A poll with an id that is no UUID fails with 500.")
            .unknown(when(|id: &String| id.len() != 36, status(FAILURE))),
        fault("unknown-job-of-other-form-empty", UNKNOWN)
            .about("A poll with a word for an id gives an empty object.")
            .unknown(when(
                |id: &String| id.bytes().all(|byte| byte.is_ascii_alphabetic()),
                |response: &mut Response, _| *response = Response::json(StatusCode::OK, json!({})),
            )),
    ]
}

fn lose(response: &mut Response, _: &Poll) {
    *response = Response::not_found("There is no such job.");
}

/// The edit, in polls with a version for which the condition holds.
fn versioned(holds: fn(&Poll) -> bool, edit: fn(&mut Response)) -> impl Hook<Response, Poll> {
    move |response, poll| {
        if poll.has_version && holds(poll) {
            edit(response);
        }
    }
}

fn is_job(locked: &Locked) -> bool {
    locked.target != Target::List
}

fn unlock(refusal: &mut Option<Response>, _: &Locked) {
    *refusal = None;
}
