//! `result.shorthand`

use super::super::{Check, Judge, Judgement, Level, Needs, Observation, files, response};
use std::collections::HashSet;

use serde_json::Value;

use crate::contract::request::Items;
use crate::evidence::{Evidence, text};
use crate::exchange::Exchange;
use crate::generated::contract::submit::fields;

pub(in crate::checks) static CHECK: Check = Check {
    id: "result.shorthand",
    level: Level::Must,
    text: "A field that others extend brings them all: `personal_contact_info` brings `personal_emails` and `phone_numbers`.",
    source: "the submission page: `fields`",
    applies: files::is_download,
    needs: Needs::FILES,
    judge: Judge::Together(judge),
};

/// A record is held against what other jobs brought for the same identifier when they asked for the parts by
/// name: a profile without a phone number is no fault of the server's. A record that has all the parts, be
/// they empty, keeps the clause by itself.
fn judge(evidence: &Evidence<'_>) -> Vec<Observation> {
    let asked_by_name = contacts_asked_by_name(evidence);
    files::judge_records(evidence, |files, records| {
        let mut judgement = Judgement::not_applicable("no job that asked for a shorthand shows it");
        for shorthand in asked(files.submission)
            .iter()
            .filter(|asked| is_shorthand(asked))
        {
            let parts = fields::LEAVES
                .iter()
                .map(|(leaf, _)| *leaf)
                .filter(|leaf| files::covers(shorthand, leaf));
            let parts: Vec<&str> = parts.collect();
            for record in records {
                let data = record.get("data").unwrap_or(&Value::Null);
                let identifier = text(record, "original_identifier").unwrap_or_default();
                let lost = parts.iter().find(|part| {
                    files::under(data, part).is_none_or(response::is_empty)
                        && asked_by_name.contains(&(identifier.to_owned(), (**part).to_owned()))
                });
                if let Some(part) = lost {
                    return Judgement::violated(
                        format!("`{part}`, as when it is asked for by name"),
                        format!("nothing under it, asked for as `{shorthand}`"),
                    );
                }
                if parts
                    .iter()
                    .all(|part| files::under(data, part).is_some_and(|value| !value.is_null()))
                {
                    judgement = Judgement::Satisfied;
                }
            }
        }
        judgement
    })
}

/// What was found, by identifier and kind, when the kind was asked for by its own name.
fn contacts_asked_by_name(evidence: &Evidence<'_>) -> HashSet<(String, String)> {
    let mut found = HashSet::new();
    for files in &evidence.files {
        let asked = asked(files.submission);
        let records = files
            .merged
            .and_then(|(number, _)| evidence.records(number));
        for record in records.unwrap_or_default() {
            let data = record.get("data").unwrap_or(&Value::Null);
            let identifier = text(record, "original_identifier").unwrap_or_default();
            for (leaf, _) in fields::LEAVES {
                let has = files::under(data, leaf).is_some_and(|value| !response::is_empty(value));
                if has && asked.iter().any(|asked| asked == leaf) {
                    found.insert((identifier.to_owned(), (*leaf).to_owned()));
                }
            }
        }
    }
    found
}

/// The fields that a submission asked for.
fn asked(submission: &Exchange) -> Vec<String> {
    let body: Value = serde_json::from_slice(&submission.request.body).unwrap_or_default();
    let fields = body.get("fields").and_then(Items::of);
    fields
        .map(|fields| {
            fields
                .items
                .iter()
                .map(|field| (*field).to_owned())
                .collect()
        })
        .unwrap_or_default()
}

fn is_shorthand(field: &str) -> bool {
    fields::VALUES
        .iter()
        .any(|other| *other != field && files::covers(field, other))
}
