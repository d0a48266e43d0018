//! `result.shorthand`

use serde_json::Value;

use crate::checks::check::{Check, Judge, Level};
use crate::checks::course::Course;
use crate::checks::delivered::{Delivered, Way};
use crate::checks::files;
use crate::checks::fix::Fix;
use crate::checks::judgement::{Judgement, Tally};
use crate::checks::needs::Needs;
use crate::evidence::{Evidence, Record, Seen};
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
    judge: Judge::Course(|| Box::<ByShorthand>::default()),
};

/// A record is held against what other jobs brought for the same identifier: a profile without a phone number is no
/// fault of the server's. A record that has all the parts, be they empty, keeps the clause by itself.
#[derive(Debug, Default)]
struct ByShorthand {
    delivered: Delivered,
}

impl Course for ByShorthand {
    fn push(&mut self, seen: &Seen<'_>, tally: &mut Tally) {
        self.delivered.push(seen);
        for download in seen.downloads().filter(|download| download.merged) {
            let Ok(records) = download.records else {
                tally.excuse("no results file could be read");
                continue;
            };
            let asked: Vec<&str> = files::asked(&download).collect();
            tally.add_of(download.number, download.exchange, judge(&asked, records));
        }
    }

    fn conclude(&self, _: &Evidence, tally: &mut Tally) {
        self.delivered.conclude(|way| way == Way::Shorthand, tally);
    }
}

/// What is to be said of the records of a job if nobody finds more.
fn judge(asked: &[&'static str], records: &[Record]) -> Judgement {
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
