//! Faults in which contacts a job brings, where it matters how they were asked for: as a string, by a shorthand, or in one
//! set of fields; and contacts that nobody asked for, under keys that nobody knows.

use serde_json::{Value, json};

use super::named;
use crate::edits::{Clauses, has_text, has_text_fields, is_found};
use crate::generated::contract::submit::fields;
use crate::hooks::{Fault, fault};
use crate::jobs::Job;
use crate::records::{covers, email, phone, put};

const URLS_STRING: Clauses = &["submit.urls-string"];
const FIELDS_STRING: Clauses = &["submit.fields-string"];
const SUPPORTED: Clauses = &["submit.fields-supported"];
const SHORTHAND: Clauses = &["result.shorthand"];
const REQUESTED: Clauses = &["result.requested-kinds"];

pub(super) fn faults() -> Vec<Fault> {
    let mut faults = in_strings();
    faults.extend(in_sets());
    faults.extend(unasked());
    faults
}

type Has = fn(&Job) -> bool;

fn in_strings() -> Vec<Fault> {
    let forms: [(&str, &str, Clauses, Has); 2] = [
        (
            "string-identifiers",
            "Identifiers in a string",
            URLS_STRING,
            |job| has_text(job),
        ),
        (
            "string-fields",
            "Fields in a string",
            FIELDS_STRING,
            |job| has_text_fields(job),
        ),
    ];
    let mut faults = Vec::new();
    for (form, which, clause, has) in forms {
        faults.push(
            fault(named(format!("{form}-bring-no-contacts")), clause)
                .about(format!("{which} bring no contacts."))
                .records(move |records, job| {
                    for (leaf, _) in fields::LEAVES.iter().filter(|_| has(job)) {
                        empty(records, job, leaf);
                    }
                }),
        );
        for (leaf, _) in fields::LEAVES {
            let name = short(leaf);
            faults.push(
                fault(named(format!("{form}-bring-no-{name}")), clause)
                    .about(format!("{which} bring no {leaf}."))
                    .records(move |records, job| {
                        if has(job) {
                            empty(records, job, leaf);
                        }
                    }),
            );
        }
    }
    faults
}

/// In one set of fields, one of the kinds that it asks for does not come.
fn in_sets() -> Vec<Fault> {
    let mut faults = Vec::new();
    for set in 1u32..1 << fields::VALUES.len() {
        let places = fields::VALUES.iter().enumerate();
        let chosen = places.filter(|(place, _)| set & (1 << place) != 0);
        let asked: Vec<&'static str> = chosen.map(|(_, field)| *field).collect();
        if asked.len() < 2 {
            continue;
        }
        let names: Vec<String> = asked.iter().map(|field| short(field)).collect();
        for (leaf, _) in fields::LEAVES {
            let is_by_shorthand = asked
                .iter()
                .any(|field| field != leaf && covers(field, leaf));
            let clause = match asked.contains(leaf) {
                _ if is_by_shorthand => SHORTHAND,
                true => SUPPORTED,
                false => continue,
            };
            let name = format!("no-{}-among-{}", short(leaf), names.join("-and-"));
            let about = format!("{} together bring no {leaf}.", asked.join(", "));
            let asked = asked.clone();
            faults.push(
                fault(named(name), clause)
                    .about(about)
                    .records(move |records, job| {
                        if job.submission.fields.are(&asked) {
                            empty(records, job, leaf);
                        }
                    }),
            );
        }
    }
    faults
}

fn unasked() -> Vec<Fault> {
    vec![
        fault("email-comes-unasked-as-text", REQUESTED)
            .about("Who asks for phone numbers gets an e-mail address too, in a text.")
            .records(|records, job| {
                add(records, job, "emails", |record, leaf, place| {
                    record["data"]["owner"] = email(leaf, place)["email"].clone();
                });
            }),
        fault("emails-come-unasked-under-other-name", REQUESTED)
            .about(
                "Who asks for phone numbers gets e-mails too, deep under a key that nobody knows.",
            )
            .records(|records, job| {
                add(records, job, "emails", |record, leaf, place| {
                    record["data"]["sources"] = json!([{"mails": [email(leaf, place)]}]);
                });
            }),
        fault("phone-comes-unasked-under-other-name", REQUESTED)
            .about("Who asks for e-mails gets a phone number too, under a key that nobody knows.")
            .records(|records, job| {
                add(records, job, "strings", |record, _, place| {
                    record["data"]["mobile_phone"] = phone(place);
                });
            }),
        fault("phones-come-unasked-in-objects", REQUESTED)
            .about("Who asks for e-mails gets phone numbers too, in objects.")
            .records(|records, job| {
                add(records, job, "strings", |record, _, place| {
                    record["data"]["extra"] = json!({"by_kind": [{"home_phone": phone(place)}]});
                });
            }),
    ]
}

/// Empties a kind in each record, where it was asked for.
fn empty(records: &mut [Value], job: &Job, leaf: &str) {
    let mut fields = job.submission.fields.iter();
    if fields.any(|field| covers(field, leaf)) {
        for record in records {
            put(&mut record["data"], leaf, json!([]));
        }
    }
}

/// Edits each record of someone who was found, where no kind that holds this was asked for.
fn add(records: &mut [Value], job: &Job, holds: &str, edit: fn(&mut Value, &str, usize)) {
    let kinds = || fields::LEAVES.iter().filter(|(_, of)| *of == holds);
    let asked = |leaf: &str| {
        job.submission
            .fields
            .iter()
            .any(|field| covers(field, leaf))
    };
    let Some((leaf, _)) = kinds().next() else {
        return;
    };
    if kinds().any(|(leaf, _)| asked(leaf)) {
        return;
    }
    let found = records.iter_mut().enumerate();
    for (place, record) in found.filter(|(_, record)| is_found(record)) {
        edit(record, leaf, place);
    }
}

/// The last part of a field, as it stands in a name.
fn short(field: &str) -> String {
    field.rsplit('.').next().unwrap_or(field).replace('_', "-")
}
