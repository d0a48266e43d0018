//! `list.order`

use chrono::DateTime;
use serde_json::{Map, Value};

use crate::checks::check::{Check, Judge, Level};
use crate::checks::course::Course;
use crate::checks::fix::Fix;
use crate::checks::judgement::{Judgement, Tally};
use crate::checks::lists;
use crate::checks::needs::Needs;
use crate::contract::request::Operation;
use crate::evidence::{Seen, text};

pub(in crate::checks) static CHECK: Check = Check {
    id: "list.order",
    level: Level::Doc,
    text: "Most recent first.",
    source: "the provider's documentation: list of batches",
    fix: Fix::in_server(
        "Sort by the time of acceptance, newest first, with the id where two are equal, on every page and with every filter.",
    ),
    applies: |request| request.operation() == Operation::List,
    needs: Needs::LISTED,
    judge: Judge::Course(|| Box::<Walk>::default()),
};

/// The newest page, where it leads to another one.
#[derive(Debug, Default)]
struct Walk {
    end: Option<End>,
}

/// How a page ends: its cursor, the date of its last job, and its jobs.
#[derive(Debug)]
struct End {
    next: String,
    date: String,
    ids: Vec<String>,
}

impl Course for Walk {
    fn push(&mut self, seen: &Seen<'_>, tally: &mut Tally) {
        let request = &seen.exchange.request;
        if request.operation() != Operation::List {
            return;
        }
        // One that shows no page, without a key, perhaps, leaves the walk where it is.
        if lists::page(seen.exchange).is_none() {
            tally.add(
                seen,
                lists::judge_page(seen.exchange, |page| {
                    judge(&dates(page).collect::<Vec<_>>())
                }),
            );
            return;
        }
        let cursor = request.query_value("cursor");
        let before = self.end.take();
        let ids = lists::ids(seen.exchange).unwrap_or_default();
        // A page that repeats jobs is the business of `list.pages`.
        let repeats = |before: &End| before.ids.iter().any(|id| ids.contains(&id.as_str()));
        let before = before.filter(|before| {
            let follows = cursor == Some(before.next.as_str());
            follows && seen.evidence.ids_are_sound() && !repeats(before)
        });
        let before = before.as_ref().map(|before| before.date.as_str());
        let judgement = lists::judge_page(seen.exchange, |page| {
            let dates: Vec<&str> = before.into_iter().chain(dates(page)).collect();
            judge(&dates)
        });
        tally.add(seen, judgement);
        self.end = lists::page(seen.exchange).and_then(|page| {
            Some(End {
                next: text(page, "next_cursor")?.to_owned(),
                date: dates(page).last()?.to_owned(),
                ids: ids.iter().map(|id| (*id).to_owned()).collect(),
            })
        });
    }
}

fn dates(page: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let jobs = page.get("jobs").and_then(Value::as_array);
    let jobs = jobs.into_iter().flatten();
    jobs.filter_map(|job| job.get("created_at")?.as_str())
}

fn judge(dates: &[&str]) -> Judgement {
    let parsed: Option<Vec<_>> = dates
        .iter()
        .map(|date| DateTime::parse_from_rfc3339(date).ok())
        .collect();
    let Some(parsed) = parsed.filter(|parsed| parsed.len() > 1) else {
        return Judgement::not_applicable("no page had two jobs with a date");
    };
    match parsed.windows(2).position(|pair| pair[0] < pair[1]) {
        None => Judgement::Satisfied,
        Some(at) => Judgement::violated(
            "`created_at` that never rises",
            format!("{} before {}", dates[at], dates[at + 1]),
        ),
    }
}
