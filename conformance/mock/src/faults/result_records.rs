//! Faults in which records a results file holds, and in what they are wrapped.

use serde_json::{Map, Value, json};

use super::{Fault, LARGE};
use crate::effect::Effect::{Lines, Look, Records};
use crate::jobs::Phase::Completed;

const ENVELOPE: &[&str] = &["result.envelope"];
const COUNT: &[&str] = &["result.count"];
const EVERY: &[&str] = &["result.every-identifier"];
const PARTS: &[&str] = &["result.parts"];
/// Records are missing from all files, or there are too many.
const COUNT_AND_EVERY: &[&str] = &["result.count", "result.every-identifier"];
/// Records are missing from the merged file, or there are too many.
const MERGED: &[&str] = &["result.count", "result.every-identifier", "result.parts"];

/// Key of the identifier in a record.
const IDENTIFIER: &str = "original_identifier";

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "records-flat",
        breaks: ENVELOPE,
        about: "A record is its bare data, with the profile's URL beside the contacts.",
        effects: &[Records(|records, _| records.iter_mut().for_each(flatten))],
    },
    Fault {
        name: "last-record-without-identifier",
        breaks: ENVELOPE,
        about: "The last record does not name its identifier.",
        effects: &[Records(|records, _| {
            if let Some(record) = records.last_mut() {
                remove(record, IDENTIFIER);
            }
        })],
    },
    Fault {
        name: "data-null-when-not-found",
        breaks: ENVELOPE,
        about: "The data of a profile that was not found is null.",
        effects: &[Records(|records, _| {
            for record in records.iter_mut().filter(|record| !is_found(record)) {
                record["data"] = Value::Null;
            }
        })],
    },
    Fault {
        name: "result-count-one-more",
        breaks: COUNT,
        about: "result_count is one more than the file's lines.",
        effects: &[Look(|answer, look| {
            if look.phase == Completed {
                answer.keys().set("result_count", look.identifiers() + 1);
            }
        })],
    },
    Fault {
        name: "result-count-of-the-found",
        breaks: COUNT,
        about: "result_count is the number of profiles that were found, in a file that has them all.",
        effects: &[Look(|answer, look| {
            if let Some(found) = answer.keys().get("entities_fulfilled")
                && look.phase == Completed
            {
                answer.keys().set("result_count", found);
            }
        })],
    },
    Fault {
        name: "result-count-one-less-when-large",
        breaks: COUNT,
        about: "result_count of a large job is one too low.",
        effects: &[Look(|answer, look| {
            if look.phase == Completed && look.identifiers() > LARGE {
                answer
                    .keys()
                    .set("result_count", look.identifiers().saturating_sub(1));
            }
        })],
    },
    Fault {
        name: "last-record-missing",
        breaks: COUNT_AND_EVERY,
        about: "The last record is in no file.",
        effects: &[Records(|records, _| {
            records.pop();
        })],
    },
    Fault {
        name: "last-record-missing-when-large",
        breaks: COUNT_AND_EVERY,
        about: "The last record of a large job is in no file.",
        effects: &[Records(|records, job| {
            if job.identifiers().len() > LARGE {
                records.pop();
            }
        })],
    },
    Fault {
        name: "not-found-missing",
        breaks: COUNT_AND_EVERY,
        about: "There is no record for a profile that was not found, though result_count has it.",
        effects: &[Records(|records, _| records.retain(is_found))],
    },
    Fault {
        name: "not-found-missing-and-not-counted",
        breaks: EVERY,
        about: "There is no record for a profile that was not found, and result_count agrees.",
        effects: &[
            Records(|records, _| records.retain(is_found)),
            Look(|answer, _| {
                if let Some(found) = answer.keys().get("entities_fulfilled") {
                    answer.keys().set("result_count", found);
                }
            }),
        ],
    },
    Fault {
        name: "first-record-for-the-last",
        breaks: EVERY,
        about: "The last record is that of the first identifier again.",
        effects: &[Records(|records, _| {
            if let [first, .., last] = records.as_mut_slice() {
                *last = first.clone();
            }
        })],
    },
    Fault {
        name: "identifiers-in-capitals",
        breaks: EVERY,
        about: "The identifier of a record is written in capitals.",
        effects: &[Records(|records, _| {
            rewrite(records, |identifier| identifier.to_uppercase())
        })],
    },
    Fault {
        name: "identifiers-without-last-slash",
        breaks: EVERY,
        about: "The identifier of a record has no slash at its end.",
        effects: &[Records(|records, _| {
            rewrite(records, |identifier| {
                identifier.trim_end_matches('/').to_owned()
            })
        })],
    },
    Fault {
        name: "identifiers-of-strings-joined",
        breaks: COUNT_AND_EVERY,
        about: "If the identifiers came as a string, there is one record for all of them.",
        effects: &[Records(|records, job| {
            if job.submission.identifiers.is_text() && records.len() > 1 {
                records.truncate(1);
                records[0][IDENTIFIER] = job.identifiers().join(",").into();
            }
        })],
    },
    Fault {
        name: "merged-file-is-first-part",
        breaks: MERGED,
        about: "The merged file has the records of the first part only.",
        effects: &[Lines(|records, it| {
            if !it.is_part() {
                records.truncate(it.job.chunk_size);
            }
        })],
    },
    Fault {
        name: "last-part-not-linked",
        breaks: PARTS,
        about: "The last of several parts is not among the links.",
        effects: &[Look(|answer, _| {
            if let Some(Value::Array(mut links)) = answer.keys().get("download_urls")
                && links.len() > 1
            {
                links.pop();
                answer.keys().set("download_urls", links);
            }
        })],
    },
    Fault {
        name: "first-part-linked-for-all",
        breaks: PARTS,
        about: "All links to parts lead to the first one.",
        effects: &[Look(|answer, _| {
            if let Some(Value::Array(mut links)) = answer.keys().get("download_urls")
                && let Some(first) = links.first().cloned()
            {
                links.fill(first);
                answer.keys().set("download_urls", links);
            }
        })],
    },
    Fault {
        name: "parts-of-the-found",
        breaks: PARTS,
        about: "The parts have no records for profiles that were not found.",
        effects: &[Lines(|records, it| {
            if it.is_part() {
                records.retain(is_found);
            }
        })],
    },
    Fault {
        name: "parts-with-other-data",
        breaks: PARTS,
        about: "The internal ids in the parts are other ones than those in the merged file.",
        effects: &[Lines(|records, it| {
            for record in records.iter_mut().filter(|_| it.is_part()) {
                record["internal_id"] = json!("other");
            }
        })],
    },
];

/// Whether the record is of a profile that was found.
fn is_found(record: &Value) -> bool {
    !record["internal_id"].is_null()
}

fn remove(record: &mut Value, key: &str) {
    if let Value::Object(record) = record {
        record.remove(key);
    }
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
fn rewrite(records: &mut [Value], change: fn(&str) -> String) {
    for record in records {
        if let Some(identifier) = record[IDENTIFIER].as_str() {
            record[IDENTIFIER] = change(identifier).into();
        }
    }
}
