//! Faults in what the status of a job says: its keys, and what identifies it.

use serde_json::{Value, json};

use super::{Fault, LARGE, other_than};
use crate::answer::{Answer, Payload};
use crate::effect::Effect::Look;
use crate::generated::contract;
use crate::jobs::Phase::{Completed, Processing};

const KEYS: &[&str] = &["job.required-keys"];
const SAME: &[&str] = &["job.same-job"];

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "job-without-id",
        breaks: KEYS,
        about: "The status of a job does not name it.",
        effects: &[Look(|answer, _| answer.keys().remove("batch_id"))],
    },
    Fault {
        name: "job-without-entity-when-final",
        breaks: KEYS,
        about: "A final job has no entity.",
        effects: &[Look(|answer, look| {
            if look.phase.is_final() {
                answer.keys().remove("entity");
            }
        })],
    },
    Fault {
        name: "job-action-null-on-second-look",
        breaks: KEYS,
        about: "The action of a job is null on the second look.",
        effects: &[Look(|answer, look| {
            if look.number == 2 {
                answer.keys().set("action", Value::Null);
            }
        })],
    },
    Fault {
        name: "job-without-status-while-processing",
        breaks: KEYS,
        about: "A job that is being worked on has no status.",
        effects: &[Look(|answer, look| {
            if look.phase == Processing {
                answer.keys().remove("status");
            }
        })],
    },
    Fault {
        name: "job-entity-in-object-when-large",
        breaks: KEYS,
        about: "The entity of a large job is an object.",
        effects: &[Look(|answer, look| {
            if look.identifiers() > LARGE {
                answer.keys().set(
                    "entity",
                    json!({"type": contract::submit::accepted::ENTITY}),
                );
            }
        })],
    },
    Fault {
        name: "job-wrapped-when-final",
        breaks: KEYS,
        about: "A final job comes under a key of its own.",
        effects: &[Look(|answer, look| {
            if look.phase.is_final()
                && let Payload::Json(job) = &mut answer.body
            {
                *job = json!({"job": job.take()});
            }
        })],
    },
    Fault {
        name: "job-of-another-id",
        breaks: SAME,
        about: "The status of a job names the server's first job.",
        effects: &[Look(|answer, look| {
            answer.keys().set("batch_id", look.first_id.to_string())
        })],
    },
    Fault {
        name: "job-of-another-action-while-processing",
        breaks: SAME,
        about: "The action of a job is another one while it is being worked on.",
        effects: &[Look(|answer, look| {
            if look.phase == Processing {
                let action = other_than(
                    contract::submit::accepted::ACTION,
                    contract::submit::action::VALUES,
                );
                answer.keys().set("action", action);
            }
        })],
    },
    Fault {
        name: "job-counts-the-found-when-completed",
        breaks: SAME,
        about: "identifier_count of a completed job is the number of those who were found.",
        effects: &[Look(|answer, look| {
            if look.phase == Completed {
                copy(answer, "entities_fulfilled", "identifier_count");
            }
        })],
    },
    Fault {
        name: "job-counts-one-more-on-second-look",
        breaks: SAME,
        about: "entities_requested is one too high from the second look on.",
        effects: &[Look(|answer, look| {
            if look.number > 1 {
                let count = look.identifiers() + 1;
                answer.keys().set("entities_requested", count);
            }
        })],
    },
    Fault {
        name: "job-counts-capped-at-chunk",
        breaks: SAME,
        about: "identifier_count of a job is never above the default chunk size.",
        effects: &[Look(|answer, look| {
            let cap = contract::submit::chunk_size::DEFAULT as usize;
            answer
                .keys()
                .set("identifier_count", look.identifiers().min(cap));
        })],
    },
];

/// Sets one key of a job to what another one says.
fn copy(answer: &mut Answer, from: &str, to: &str) {
    if let Some(value) = answer.keys().get(from) {
        answer.keys().set(to, value);
    }
}
