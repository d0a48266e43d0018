//! Faults in the kinds of contacts that a record has: those that were not requested, and those of a shorthand.

use serde_json::{Value, json};

use crate::edits::{Clauses, is_found};
use crate::generated::contract::submit::fields;
use crate::hooks::{Fault, fault};
use crate::jobs::Job;
use crate::records::{covers, email, phone, put};

const REQUESTED: Clauses = &["result.requested-kinds"];
const SHORTHAND: Clauses = &["result.shorthand"];

pub(super) fn faults() -> Vec<Fault> {
    vec![
        fault("every-kind-comes-in-last-record", REQUESTED)
            .about("Every kind of contact comes in the last record that has any.")
            .records(|records, job| {
                let last = records.iter().rposition(is_found).unwrap_or(records.len());
                for leaf in unrequested(job) {
                    add(&mut records[last..], leaf);
                }
            }),
        fault("phones-come-unasked", REQUESTED)
            .about("Who asks for e-mails gets phone numbers too.")
            .records(|records, job| {
                for leaf in unrequested(job) {
                    if leaf.1 != "emails" {
                        add(records, leaf);
                    }
                }
            }),
        fault("siblings-come-unasked", REQUESTED)
            .about("Who asks for one part of a shorthand gets the others too.")
            .records(|records, job| {
                for leaf in unrequested(job) {
                    if fields(job).any(|field| are_siblings(field, leaf.0)) {
                        add(records, leaf);
                    }
                }
            }),
        fault("shorthand-brings-first-part", SHORTHAND)
            .about("A shorthand brings the first of its parts only.")
            .records(|records, job| {
                for (leaf, _) in through_shorthand(job).skip(1) {
                    drop_kind(records, leaf);
                }
            }),
        fault("shorthand-alone-brings-empty-lists", SHORTHAND)
            .about("The last part of a shorthand is empty if nothing else was requested.")
            .records(|records, job| {
                if let Some((leaf, _)) = through_shorthand(job).last()
                    && job.submission.fields.len() == 1
                {
                    for record in records {
                        put(&mut record["data"], leaf, json!([]));
                    }
                }
            }),
        fault("shorthand-in-first-record-only", SHORTHAND)
            .about("A shorthand brings its last part in the first record only.")
            .records(|records, job| {
                if let (Some((leaf, _)), [_, others @ ..]) =
                    (through_shorthand(job).last(), records.as_mut_slice())
                {
                    drop_kind(others, leaf);
                }
            }),
        fault("phones-come-unasked-beside-data", REQUESTED)
            .about("Who asks for e-mails gets phone numbers too, beside the data of a record.")
            .records(|records, job| unasked(records, job, |record| record)),
        fault("phones-come-unasked-deeper", REQUESTED)
            .about("Who asks for e-mails gets phone numbers too, under a key that nobody knows.")
            .records(|records, job| {
                unasked(records, job, |record| &mut record["data"]["matches"][0]);
            }),
    ]
}

type Leaf = &'static (&'static str, &'static str);

fn fields(job: &Job) -> impl Iterator<Item = &str> {
    job.submission.fields.iter()
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

/// Puts a phone number, where none was requested, at a place of each record of someone who was found.
fn unasked(records: &mut [Value], job: &Job, place: fn(&mut Value) -> &mut Value) {
    for (path, _) in unrequested(job).filter(|(_, holds)| *holds != "emails") {
        let kind = path.rsplit('.').next().unwrap_or(path);
        for (number, record) in records.iter_mut().enumerate() {
            if is_found(record) {
                record["data"]["matches"] = json!([{}]);
                place(record)[kind] = json!([phone(number)]);
            }
        }
    }
}
