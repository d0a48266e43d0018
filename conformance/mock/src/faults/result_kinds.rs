//! Faults in the kinds of contacts that a record has: those that were not requested, and those of a shorthand.

use serde_json::{Value, json};

use super::Fault;
use crate::effect::Effect::Records;
use crate::generated::contract::submit::fields;
use crate::jobs::Job;
use crate::records::{covers, email, phone, put};

const REQUESTED: &[&str] = &["result.requested-kinds"];
const SHORTHAND: &[&str] = &["result.shorthand"];

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "every-kind-comes-in-last-record",
        breaks: REQUESTED,
        about: "Every kind of contact comes in the last record that has any.",
        effects: &[Records(|records, job| {
            let last = records.iter().rposition(is_found).unwrap_or(records.len());
            for leaf in unrequested(job) {
                add(&mut records[last..], leaf);
            }
        })],
    },
    Fault {
        name: "phones-come-unasked",
        breaks: REQUESTED,
        about: "Who asks for e-mails gets phone numbers too.",
        effects: &[Records(|records, job| {
            for leaf in unrequested(job) {
                if leaf.1 != "emails" {
                    add(records, leaf);
                }
            }
        })],
    },
    Fault {
        name: "siblings-come-unasked",
        breaks: REQUESTED,
        about: "Who asks for one part of a shorthand gets the others too.",
        effects: &[Records(|records, job| {
            for leaf in unrequested(job) {
                if fields(job).any(|field| are_siblings(field, leaf.0)) {
                    add(records, leaf);
                }
            }
        })],
    },
    Fault {
        name: "shorthand-brings-first-part",
        breaks: SHORTHAND,
        about: "A shorthand brings the first of its parts only.",
        effects: &[Records(|records, job| {
            for (leaf, _) in through_shorthand(job).skip(1) {
                drop_kind(records, leaf);
            }
        })],
    },
    Fault {
        name: "shorthand-alone-brings-empty-lists",
        breaks: SHORTHAND,
        about: "The last part of a shorthand is empty if nothing else was requested.",
        effects: &[Records(|records, job| {
            if let Some((leaf, _)) = through_shorthand(job).last()
                && job.submission.fields.len() == 1
            {
                for record in records {
                    put(&mut record["data"], leaf, json!([]));
                }
            }
        })],
    },
    Fault {
        name: "shorthand-in-first-record-only",
        breaks: SHORTHAND,
        about: "A shorthand brings its last part in the first record only.",
        effects: &[Records(|records, job| {
            if let (Some((leaf, _)), [_, others @ ..]) =
                (through_shorthand(job).last(), records.as_mut_slice())
            {
                drop_kind(others, leaf);
            }
        })],
    },
];

type Leaf = &'static (&'static str, &'static str);

fn fields(job: &Job) -> impl Iterator<Item = &str> {
    job.submission.fields.values.iter().map(String::as_str)
}

/// The kinds that a job did not request.
fn unrequested(job: &Job) -> impl Iterator<Item = Leaf> {
    fields::LEAVES
        .iter()
        .filter(|(leaf, _)| !fields(job).any(|field| covers(field, leaf)))
}

/// The kinds that a job requested by a shorthand, and not by name.
fn through_shorthand(job: &Job) -> impl Iterator<Item = Leaf> {
    fields::LEAVES.iter().filter(|(leaf, _)| {
        fields(job).any(|field| covers(field, leaf)) && fields(job).all(|field| field != *leaf)
    })
}

/// Whether both are parts of the same shorthand.
fn are_siblings(field: &str, leaf: &str) -> bool {
    fields::VALUES.iter().any(|shorthand| {
        [field, leaf]
            .iter()
            .all(|part| part != shorthand && covers(shorthand, part))
    })
}

/// Whether the record is of a profile that was found.
fn is_found(record: &Value) -> bool {
    !record["internal_id"].is_null()
}

/// Gives every record of a profile that was found a contact of a kind.
fn add(records: &mut [Value], leaf: Leaf) {
    let (path, holds) = *leaf;
    for (place, record) in records.iter_mut().enumerate() {
        if is_found(record) {
            let contact = match holds {
                "emails" => email(path, place),
                _ => phone(place),
            };
            put(&mut record["data"], path, json!([contact]));
        }
    }
}

/// Takes a kind out of every record.
fn drop_kind(records: &mut [Value], path: &str) {
    let (parent, key) = path.rsplit_once('.').unwrap_or(("", path));
    for record in records {
        let parents = parent.split('.').filter(|key| !key.is_empty());
        let under = parents.fold(&mut record["data"], |value, key| &mut value[key]);
        if let Value::Object(map) = under {
            map.remove(key);
        }
    }
}
