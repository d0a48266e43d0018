//! Faults in what the accepted answer says of the job: its status, entity and action.

use super::{Fault, LARGE, is_now_and_then, other_than};
use crate::effect::Effect::Accepted;
use crate::generated::contract;

const STATUS: &[&str] = &["submit.status-pending"];
const ENTITY: &[&str] = &["submit.entity"];
const ACTION: &[&str] = &["submit.action"];

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "status-processing",
        breaks: STATUS,
        about: "The accepted answer says that the job has started.",
        effects: &[Accepted(|answer, _| {
            answer.keys().set("status", wrong_status())
        })],
    },
    Fault {
        name: "status-processing-when-large",
        breaks: STATUS,
        about: "The accepted answer of a large job says that the job has started.",
        effects: &[Accepted(|answer, job| {
            if job.identifiers() > LARGE {
                answer.keys().set("status", wrong_status());
            }
        })],
    },
    Fault {
        name: "status-processing-now-and-then",
        breaks: STATUS,
        about: "Every seventh accepted answer says that the job has started.",
        effects: &[Accepted(|answer, job| {
            if is_now_and_then(job.number) {
                answer.keys().set("status", wrong_status());
            }
        })],
    },
    Fault {
        name: "status-unknown-with-largest-chunk",
        breaks: STATUS,
        about: "The status is none of the four if the chunk size is the largest.",
        effects: &[Accepted(|answer, job| {
            if job
                .submission
                .has_chunk_size(contract::submit::chunk_size::MAX)
            {
                answer.keys().set("status", "queued");
            }
        })],
    },
    Fault {
        name: "status-in-capitals",
        breaks: STATUS,
        about: "The status is written in capitals.",
        effects: &[Accepted(|answer, _| {
            answer
                .keys()
                .set("status", contract::submit::accepted::STATUS.to_uppercase())
        })],
    },
    Fault {
        name: "entity-company",
        breaks: ENTITY,
        about: "The entity is that of another endpoint.",
        effects: &[Accepted(|answer, _| {
            answer.keys().set("entity", wrong_entity())
        })],
    },
    Fault {
        name: "entity-company-for-strings",
        breaks: ENTITY,
        about: "The entity is that of another endpoint if identifiers and fields both came as strings.",
        effects: &[Accepted(|answer, job| {
            if job.submission.identifiers.is_text() && job.submission.fields.is_text() {
                answer.keys().set("entity", wrong_entity());
            }
        })],
    },
    Fault {
        name: "entity-company-for-a-pair-of-fields",
        breaks: ENTITY,
        about: "The entity is that of another endpoint if the first and the last field are asked for together.",
        effects: &[Accepted(|answer, job| {
            if let [first, .., last] = contract::submit::fields::VALUES
                && job.submission.fields.are(&[first, last])
            {
                answer.keys().set("entity", wrong_entity());
            }
        })],
    },
    Fault {
        name: "entity-empty",
        breaks: ENTITY,
        about: "The entity is an empty string.",
        effects: &[Accepted(|answer, _| answer.keys().set("entity", ""))],
    },
    Fault {
        name: "action-enrich",
        breaks: ACTION,
        about: "The action is that of another endpoint.",
        effects: &[Accepted(|answer, _| {
            answer.keys().set("action", wrong_action())
        })],
    },
    Fault {
        name: "action-enrich-with-smallest-chunk",
        breaks: ACTION,
        about: "The action is that of another endpoint if the chunk size is the smallest.",
        effects: &[Accepted(|answer, job| {
            if job
                .submission
                .has_chunk_size(contract::submit::chunk_size::MIN)
            {
                answer.keys().set("action", wrong_action());
            }
        })],
    },
    Fault {
        name: "action-enrich-for-all-fields",
        breaks: ACTION,
        about: "The action is that of another endpoint if all fields are asked for.",
        effects: &[Accepted(|answer, job| {
            if job.submission.fields.are(contract::submit::fields::VALUES) {
                answer.keys().set("action", wrong_action());
            }
        })],
    },
    Fault {
        name: "action-with-hyphen",
        breaks: ACTION,
        about: "The action is written with a hyphen.",
        effects: &[Accepted(|answer, _| {
            answer.keys().set(
                "action",
                contract::submit::accepted::ACTION.replace('_', "-"),
            )
        })],
    },
];

fn wrong_status() -> &'static str {
    other_than(
        contract::submit::accepted::STATUS,
        contract::job::status::VALUES,
    )
}

fn wrong_entity() -> &'static str {
    other_than(
        contract::submit::accepted::ENTITY,
        contract::submit::entity::VALUES,
    )
}

fn wrong_action() -> &'static str {
    other_than(
        contract::submit::accepted::ACTION,
        contract::submit::action::VALUES,
    )
}
