//! Faults in whether a job is found, and by whom.

use axum::http::StatusCode;
use serde_json::json;

use super::{Fault, LARGE};
use crate::answer::{Answer, Framing, Payload};
use crate::effect::Effect::{self, Lock, Unknown, Unlock};
use crate::effect::{Locked, Target};
use crate::generated::contract;
use crate::jobs::Phase;
use crate::submission::Key;

const FOUND: &[&str] = &["job.found"];
const VERSION: &[&str] = &["job.version-optional"];
const LOCKED: &[&str] = &["job.authorization"];
const UNKNOWN: &[&str] = &["job.unknown-id"];

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "job-not-found-at-first",
        breaks: FOUND,
        about: "The first look at a job finds nothing.",
        effects: &[Effect::Look(|answer, look| {
            if look.has_version && look.number == 1 {
                lose(answer);
            }
        })],
    },
    Fault {
        name: "job-not-found-on-second-look",
        breaks: FOUND,
        about: "The second look at a job finds nothing.",
        effects: &[Effect::Look(|answer, look| {
            if look.has_version && look.number == 2 {
                lose(answer);
            }
        })],
    },
    Fault {
        name: "job-gone-after-completion",
        breaks: FOUND,
        about: "A job is not found once it was seen to be final.",
        effects: &[Effect::Look(|answer, look| {
            if look.has_version && look.final_number > 1 {
                lose(answer);
            }
        })],
    },
    Fault {
        name: "job-not-found-when-large",
        breaks: FOUND,
        about: "The status of a large job fails with 500.",
        effects: &[Effect::Look(|answer, look| {
            if look.has_version && look.identifiers() > LARGE {
                let message = "Too large to count.";
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                *answer = Answer::error(status, "internal", message, json!({}));
            }
        })],
    },
    Fault {
        name: "job-accepted-while-processing",
        breaks: FOUND,
        about: "The status of a job that is being worked on is answered with 202.",
        effects: &[Effect::Look(|answer, look| {
            if look.has_version && look.phase == Phase::Processing {
                answer.status = StatusCode::ACCEPTED;
            }
        })],
    },
    Fault {
        name: "job-in-a-list",
        breaks: FOUND,
        about: "The status of a job is a list of one job.",
        effects: &[Effect::Look(|answer, look| {
            if look.has_version
                && let Payload::Json(job) = &mut answer.body
            {
                *job = json!([job.take()]);
            }
        })],
    },
    Fault {
        name: "job-as-html",
        breaks: FOUND,
        about: "The status of a completed job is a web page.",
        effects: &[Effect::Look(|answer, look| {
            if look.has_version && look.phase == Phase::Completed {
                answer.set_text("text/html", "<h1>Done</h1>");
            }
        })],
    },
    Fault {
        name: "job-cut-off",
        breaks: FOUND,
        about: "The connection breaks off in the status of a completed job.",
        effects: &[Effect::Look(|answer, look| {
            if look.has_version && look.phase == Phase::Completed {
                answer.framing = Framing::Truncated;
            }
        })],
    },
    Fault {
        name: "job-needs-version",
        breaks: VERSION,
        about: "The status of a job is refused without a version.",
        effects: &[Effect::Look(|answer, look| {
            if !look.has_version {
                *answer = Answer::error(
                    StatusCode::BAD_REQUEST,
                    "invalid_request",
                    format!("The header {} is required.", contract::header::API_VERSION),
                    json!({}),
                );
            }
        })],
    },
    Fault {
        name: "job-readable-without-key",
        breaks: LOCKED,
        about: "The status of a job is readable without a key.",
        effects: &[Unlock(|it| is_job(it) && it.key == Key::Missing)],
    },
    Fault {
        name: "job-readable-with-unknown-key",
        breaks: LOCKED,
        about: "The status of a job is readable with any key.",
        effects: &[Unlock(|it| is_job(it) && it.key == Key::Unknown)],
    },
    Fault {
        name: "job-readable-when-final",
        breaks: LOCKED,
        about: "The status of a job is readable without a key once it is final.",
        effects: &[Unlock(
            |it| matches!(it.target, Target::Job(Some(phase)) if phase.is_final()),
        )],
    },
    Fault {
        name: "job-redirects-without-key",
        breaks: LOCKED,
        about: "Who asks for the status of a job without a key is sent to another page.",
        effects: &[Lock(|answer, it| {
            if is_job(it) {
                answer.status = StatusCode::FOUND;
            }
        })],
    },
    Fault {
        name: "job-fails-with-unknown-key",
        breaks: LOCKED,
        about: "The status of a job fails with 500 if the key is unknown.",
        effects: &[Lock(|answer, it| {
            if is_job(it) && it.key == Key::Unknown {
                answer.restate(StatusCode::INTERNAL_SERVER_ERROR);
            }
        })],
    },
    Fault {
        name: "unknown-job-empty",
        breaks: UNKNOWN,
        about: "A job that there is not is an empty object.",
        effects: &[Unknown(|answer| {
            *answer = Answer::json(StatusCode::OK, json!({}))
        })],
    },
    Fault {
        name: "unknown-job-ok",
        breaks: UNKNOWN,
        about: "A job that there is not is missed by the body, and found by the status.",
        effects: &[Unknown(|answer| answer.status = StatusCode::OK)],
    },
    Fault {
        name: "unknown-job-fails",
        breaks: UNKNOWN,
        about: "A look at a job that there is not fails with 500.",
        effects: &[Unknown(|answer| {
            answer.status = StatusCode::INTERNAL_SERVER_ERROR
        })],
    },
];

fn lose(answer: &mut Answer) {
    let message = "There is no such job.";
    *answer = Answer::error(StatusCode::NOT_FOUND, "not_found", message, json!({}));
}

fn is_job(locked: &Locked) -> bool {
    matches!(locked.target, Target::Job(_))
}
