//! `result.shorthand`

use serde_json::Value;

use crate::checks::check::{Check, Judge, Level};
use crate::checks::delivered::Way;
use crate::checks::files;
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::evidence::{Download, Record};
use crate::generated::contract::submit::fields;

pub(in crate::checks) static CHECK: Check = Check {
    id: "result.shorthand",
    level: Level::Must,
    text: "A field that others extend brings them all: `personal_contact_info` brings `personal_emails` and `phone_numbers`.",
    source: "the submission page: `fields`",
    fix: Fix::in_server(
        "Replace a field by all that it stands for before you look anything up, in every place where it may occur.",
    ),
    applies: files::is_download,
    needs: Needs::FILES,
    judge: Judge::Delivered(judge, |way| way == Way::Shorthand),
};

/// A record is held against what other jobs brought for the same identifier: a profile without a phone number is no
/// fault of the server's. A record that has all the parts, be they empty, keeps the clause by itself.
fn judge(download: &Download<'_>) -> Option<Judgement> {
    if !download.merged {
        return None;
    }
    let Ok(records) = download.records else {
        return Some(Judgement::not_applicable("no results file could be read"));
    };
    let asked: Vec<&str> = files::asked(download).collect();
    Some(judge_records(&asked, records))
}

/// What is to be said of the records of a job if nobody finds more.
fn judge_records(asked: &[&'static str], records: &[Record]) -> Judgement {
    for shorthand in asked.iter().filter(|asked| is_shorthand(asked)) {
        let has = |data: &Value| {
            let mut parts = fields::LEAVES.iter().map(|(leaf, _)| leaf);
            parts.all(|leaf| {
                let value = files::under(data, leaf);
                !files::covers(shorthand, leaf) || value.is_some_and(|value| !value.is_null())
            })
        };
        if records
            .iter()
            .filter_map(|record| record.get("data"))
            .any(has)
        {
            return Judgement::Satisfied;
        }
    }
    Judgement::not_applicable("no job that asked for a shorthand shows it")
}

fn is_shorthand(field: &str) -> bool {
    fields::VALUES
        .iter()
        .any(|other| *other != field && files::covers(field, other))
}
