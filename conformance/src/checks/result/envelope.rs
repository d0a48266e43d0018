//! `result.envelope`

use serde_json::{Map, Value};

use crate::checks::check::{Check, Judge, Level};
use crate::checks::files;
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::evidence::Download;

pub(in crate::checks) static CHECK: Check = Check {
    id: "result.envelope",
    level: Level::Doc,
    text: "Each record has `original_identifier` and `data`. (The flat form that one user reports is a warning.)",
    source: "the provider's documentation: results",
    fix: Fix::in_both(
        "Write each record as `original_identifier` and `data`, also where nothing was found.",
        "Read both forms of a record.",
    ),
    applies: files::is_download,
    needs: Needs::FILES,
    judge: Judge::Download(judge),
};

fn judge(download: &Download<'_>) -> Option<Judgement> {
    files::judge_records(download, |records| {
        let expected = "`original_identifier` (a string) and `data` (an object, or null)";
        let got = |line: usize| {
            let record = Value::Object(records[line].clone()).to_string();
            format!("line {}: {record}", line + 1)
        };
        match records.iter().position(|record| !has_envelope(record)) {
            None if records.is_empty() => Judgement::not_applicable("the file has no lines"),
            None => Judgement::Satisfied,
            Some(line) if records.iter().all(is_flat) => Judgement::Doubtful {
                expected: expected.to_owned(),
                got: got(line),
            },
            Some(line) => Judgement::violated(expected, got(line)),
        }
    })
}

fn has_envelope(record: &Map<String, Value>) -> bool {
    record
        .get("original_identifier")
        .is_some_and(Value::is_string)
        // Of someone who was not found, it may be null.
        && record.get("data").is_some_and(|data| data.is_object() || data.is_null())
}

fn is_flat(record: &Map<String, Value>) -> bool {
    !record.contains_key("data") && record.contains_key("professional_network_url")
}
