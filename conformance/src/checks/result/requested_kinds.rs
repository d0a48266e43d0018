//! `result.requested-kinds`

use super::super::{Check, Judge, Judgement, Level, Needs, Observation, files, response};
use serde_json::Value;

use crate::contract::request::Items;
use crate::evidence::Evidence;
use crate::generated::contract::submit::fields;

pub(in crate::checks) static CHECK: Check = Check {
    id: "result.requested-kinds",
    level: Level::Seen,
    text: "No contact kind comes that was not requested.",
    source: "follows from the others",
    applies: files::is_download,
    needs: Needs::FILES,
    judge: Judge::Together(judge),
};

/// Only records with contacts can show it.
fn judge(evidence: &Evidence<'_>) -> Vec<Observation> {
    files::judge_records(evidence, |files, records| {
        let body: Value =
            serde_json::from_slice(&files.submission.request.body).unwrap_or_default();
        let asked = body
            .get("fields")
            .and_then(Items::of)
            .map(|items| items.items)
            .unwrap_or_default();
        let mut found = false;
        for record in records {
            let data = record.get("data").unwrap_or(&Value::Null);
            for (leaf, _) in fields::LEAVES {
                if files::under(data, leaf).is_none_or(response::is_empty) {
                    continue;
                }
                found = true;
                if !asked.iter().any(|asked| files::covers(asked, leaf)) {
                    return Judgement::violated(
                        format!("only {}", asked.join(", ")),
                        format!("a value under `{leaf}`"),
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
