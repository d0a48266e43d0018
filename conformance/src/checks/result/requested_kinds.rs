//! `result.requested-kinds`

use serde_json::Value;

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
