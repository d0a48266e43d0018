//! `result.requested-kinds`

use serde_json::{Map, Value};

use crate::checks::check::{Check, Judge, Level};
use crate::checks::files;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::evidence::Download;
use crate::generated::contract::submit::fields;

pub(in crate::checks) static CHECK: Check = Check {
    id: "result.requested-kinds",
    level: Level::Seen,
    text: "No contact kind comes that was not requested.",
    source: "follows from the others",
    applies: files::is_download,
    needs: Needs::FILES,
    judge: Judge::Download(judge),
};

/// Only records with contacts can show it.
fn judge(download: &Download<'_>) -> Option<Judgement> {
    files::judge_records(download, |records| {
        let asked: Vec<&str> = files::asked(download).collect();
        let mut found = false;
        for record in records {
            for (leaf, _) in fields::LEAVES {
                let kind = leaf.rsplit('.').next().unwrap_or(leaf);
                if !record.values().any(|value| holds(value, kind)) && !is_under(record, kind) {
                    continue;
                }
                found = true;
                if !asked.iter().any(|asked| files::covers(asked, leaf)) {
                    return Judgement::violated(
                        format!("only {}", asked.join(", ")),
                        format!("a value under `{kind}`"),
                    );
                }
            }
        }
        if found {
            Judgement::Satisfied
        } else {
            Judgement::not_applicable(
                "no contacts were found: name a profile that has some with --profile-url",
            )
        }
    })
}

/// Whether there is something under the key `kind`, at any depth.
fn holds(value: &Value, kind: &str) -> bool {
    match value {
        Value::Object(object) => {
            is_under(object, kind) || object.values().any(|value| holds(value, kind))
        }
        Value::Array(items) => items.iter().any(|item| holds(item, kind)),
        _ => false,
    }
}

fn is_under(object: &Map<String, Value>, kind: &str) -> bool {
    object
        .get(kind)
        .is_some_and(|value| !response::is_empty(value))
}
