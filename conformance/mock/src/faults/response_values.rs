//! Faults in what the accepted response says of the job: its status, entity and action.

use crate::edits::{
    Clauses, has_text, has_text_fields, is_large, is_now_and_then, other_than, set, when,
};
use crate::generated::contract;
use crate::hooks::{Fault, fault};
use crate::jobs::Job;

const STATUS: Clauses = &["submit.status-pending"];
const ENTITY: Clauses = &["submit.entity"];
const ACTION: Clauses = &["submit.action"];

pub(super) fn faults() -> Vec<Fault> {
    let status = other_than(
        contract::submit::accepted::STATUS,
        contract::job::status::VALUES,
    );
    let entity = other_than(
        contract::submit::accepted::ENTITY,
        contract::submit::entity::VALUES,
    );
    let action = other_than(
        contract::submit::accepted::ACTION,
        contract::submit::action::VALUES,
    );
    vec![
        fault("status-processing", STATUS)
            .about("The accepted response says that the job has started.")
            .accepted(set("status", status)),
        fault("status-processing-when-large", STATUS)
            .about("The accepted response of a large job says that the job has started.")
            .accepted(when(is_large, set("status", status))),
        fault("status-processing-now-and-then", STATUS)
            .about("Every seventh accepted response says that the job has started.")
            .accepted(when(
                |job: &Job| is_now_and_then(job.number),
                set("status", status),
            )),
        fault("status-unknown-with-largest-chunk", STATUS)
            .about("The status is none of the four if the chunk size is the largest.")
            .accepted(when(
                |job: &Job| {
                    job.submission
                        .has_chunk_size(contract::submit::chunk_size::MAX)
                },
                set("status", "queued"),
            )),
        fault("status-in-capitals", STATUS)
            .about("The status is written in capitals.")
            .accepted(set(
                "status",
                contract::submit::accepted::STATUS.to_uppercase(),
            )),
        fault("entity-company", ENTITY)
            .about("The entity is that of another endpoint.")
            .accepted(set("entity", entity)),
        fault("entity-company-for-strings", ENTITY)
            .about("The entity is wrong if identifiers and fields both came as strings.")
            .accepted(when(
                |job: &Job| has_text(job) && has_text_fields(job),
                set("entity", entity),
            )),
        fault("entity-company-for-a-pair-of-fields", ENTITY)
            .about("The entity is wrong if the first and the last field are asked for together.")
            .accepted(when(has_a_pair_of_fields, set("entity", entity))),
        fault("entity-empty", ENTITY)
            .about("The entity is an empty string.")
            .accepted(set("entity", "")),
        fault("action-enrich", ACTION)
            .about("The action is that of another endpoint.")
            .accepted(set("action", action)),
        fault("action-enrich-with-smallest-chunk", ACTION)
            .about("The action is that of another endpoint if the chunk size is the smallest.")
            .accepted(when(
                |job: &Job| {
                    job.submission
                        .has_chunk_size(contract::submit::chunk_size::MIN)
                },
                set("action", action),
            )),
        fault("action-enrich-for-all-fields", ACTION)
            .about("The action is that of another endpoint if all fields are asked for.")
            .accepted(when(
                |job: &Job| job.submission.fields.are(contract::submit::fields::VALUES),
                set("action", action),
            )),
        fault("action-with-hyphen", ACTION)
            .about("The action is written with a hyphen.")
            .accepted(set(
                "action",
                contract::submit::accepted::ACTION.replace('_', "-"),
            )),
    ]
}

/// Whether the first and the last of the fields are asked for, and no others.
fn has_a_pair_of_fields(job: &Job) -> bool {
    match contract::submit::fields::VALUES {
        [first, .., last] => job.submission.fields.are(&[first, last]),
        _ => false,
    }
}
