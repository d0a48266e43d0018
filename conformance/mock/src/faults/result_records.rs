//! Faults in which records a results file holds, and in what they are wrapped.

use serde_json::{Map, Value, json};

use crate::edits::{
    Clauses, Submitted, copy, edit_list, has_text, is_completed, is_found, is_large, remove,
    set_to, when,
};
use crate::file::Download;
use crate::hooks::{Fault, Hook, fault};
use crate::jobs::{Job, Poll};

const ENVELOPE: Clauses = &["result.envelope"];
const COUNT: Clauses = &["result.count"];
const EVERY: Clauses = &["result.every-identifier"];
const PARTS: Clauses = &["result.parts"];
/// Records are missing from all files, or there are too many.
const COUNT_AND_EVERY: Clauses = &["result.count", "result.every-identifier"];
/// Records are missing from the merged file, or there are too many.
const MERGED: Clauses = &["result.count", "result.every-identifier", "result.parts"];

/// Key of the identifier in a record.
const IDENTIFIER: &str = "original_identifier";

pub(super) fn faults() -> Vec<Fault> {
    [envelopes(), counts(), identifiers(), parts()]
        .into_iter()
        .flatten()
        .collect()
}

fn envelopes() -> Vec<Fault> {
    vec![
        fault("records-flat", ENVELOPE)
            .about("A record is its bare data, with the profile's URL beside the contacts.")
            .records(|records, _| records.iter_mut().for_each(flatten)),
        fault("last-record-without-identifier", ENVELOPE)
            .about("The last record does not name its identifier.")
            .records(|records, _| {
                if let Some(record) = records.last_mut().and_then(Value::as_object_mut) {
                    record.remove(IDENTIFIER);
                }
            }),
        fault("no-data-when-not-found", ENVELOPE)
            .about("The record of a profile that was not found has no data.")
            .records(|records, _| {
                for record in records.iter_mut().filter(|record| !is_found(record)) {
                    remove_data(record);
                }
            }),
    ]
}

/// Takes the data out of a record.
pub(super) fn remove_data(record: &mut Value) {
    if let Some(record) = record.as_object_mut() {
        record.remove("data");
    }
}

fn counts() -> Vec<Fault> {
    vec![
        fault("result-count-one-more", COUNT)
            .about("result_count is one more than the file's lines.")
            .polled(when(
                is_completed,
                set_to("result_count", |poll: &Poll| poll.count() + 1),
            )),
        fault("result-count-of-the-found", COUNT)
            .about("result_count is the number of profiles found, in a file that has them all.")
            .polled(when(
                is_completed,
                copy("entities_fulfilled", "result_count"),
            )),
        fault("result-count-one-less-when-large", COUNT)
            .about("result_count of a large job is one too low.")
            .polled(when(
                |poll: &Poll| is_completed(poll) && is_large(poll),
                set_to("result_count", |poll: &Poll| poll.count().saturating_sub(1)),
            )),
        fault("last-record-missing", COUNT_AND_EVERY)
            .about("The last record is in no file.")
            .records(drop_last),
        fault("last-record-missing-when-large", COUNT_AND_EVERY)
            .about("The last record of a large job is in no file.")
            .records(when(is_large, drop_last)),
        fault("not-found-missing", COUNT_AND_EVERY)
            .about("A profile that was not found has no record, though result_count has it.")
            .records(|records, _| records.retain(is_found)),
        fault("not-found-missing-and-not-counted", EVERY)
            .about("A profile that was not found has no record, and result_count agrees.")
            .records(|records, _| records.retain(is_found))
            .polled(copy("entities_fulfilled", "result_count")),
        fault("not-found-missing-and-no-count", EVERY)
            .about("A profile that was not found has no record, and there is no result_count.")
            .records(|records, _| records.retain(is_found))
            .polled(remove(&["result_count"])),
    ]
}

fn identifiers() -> Vec<Fault> {
    vec![
        fault("first-record-for-the-last", EVERY)
            .about("The last record is that of the first identifier again.")
            .records(|records, _| {
                if let [first, .., last] = records.as_mut_slice() {
                    *last = first.clone();
                }
            }),
        fault("identifiers-in-capitals", EVERY)
            .about("The identifier of a record is written in capitals.")
            .records(rewrite(str::to_uppercase)),
        fault("identifiers-without-last-slash", EVERY)
            .about("The identifier of a record has no slash at its end.")
            .records(rewrite(|identifier| {
                identifier.trim_end_matches('/').to_owned()
            })),
        fault("identifiers-of-strings-joined", COUNT_AND_EVERY)
            .about("If the identifiers came as a string, there is one record for all of them.")
            .records(|records, job| {
                if has_text(job) && records.len() > 1 {
                    records.truncate(1);
                    records[0][IDENTIFIER] = job.identifiers().join(",").into();
                }
            }),
    ]
}

fn parts() -> Vec<Fault> {
    vec![
        fault("merged-file-is-first-part", MERGED)
            .about("The merged file has the records of the first part only.")
            .lines(|records, it| {
                if !it.is_part() {
                    records.truncate(it.job.chunk_size);
                }
            }),
        fault("last-part-not-linked", PARTS)
            .about("The last of several parts is not among the links.")
            .polled(edit_list("download_urls", |links| {
                links.truncate(1.max(links.len().saturating_sub(1)));
            })),
        fault("first-part-linked-for-all", PARTS)
            .about("All links to parts lead to the first one.")
            .polled(edit_list("download_urls", |links| {
                if let Some(first) = links.first().cloned() {
                    links.fill(first);
                }
            })),
        fault("parts-of-the-found", PARTS)
            .about("The parts have no records for profiles that were not found.")
            .lines(when(Download::is_part, |records: &mut Vec<Value>, _| {
                records.retain(is_found);
            })),
        fault("parts-with-other-data", PARTS)
            .about("The internal ids in the parts are other ones than in the merged file.")
            .lines(when(Download::is_part, |records: &mut Vec<Value>, _| {
                for record in records {
                    record["internal_id"] = json!("other");
                }
            })),
    ]
}

fn drop_last(records: &mut Vec<Value>, _: &Job) {
    records.pop();
}

/// Takes a record out of its envelope.
fn flatten(record: &mut Value) {
    let mut flat = Map::new();
    flat.insert(
        "professional_network_url".to_owned(),
        record[IDENTIFIER].take(),
    );
    flat.insert("person_id".to_owned(), record["internal_id"].take());
    if let Value::Object(data) = record["data"].take() {
        flat.extend(data);
    }
    *record = Value::Object(flat);
}

/// Changes the identifier of each record.
fn rewrite(change: fn(&str) -> String) -> impl Hook<Vec<Value>, Job> {
    move |records, _| {
        for record in records {
            if let Some(identifier) = record[IDENTIFIER].as_str() {
                record[IDENTIFIER] = change(identifier).into();
            }
        }
    }
}
