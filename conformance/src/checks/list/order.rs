//! `list.order`

use chrono::DateTime;
use serde_json::Value;

use crate::checks::check::{Check, Judge, Level};
use crate::checks::judgement::Judgement;
use crate::checks::lists;
use crate::checks::needs::Needs;
use crate::contract::request::Operation;
use crate::exchange::Exchange;

pub(in crate::checks) static CHECK: Check = Check {
    id: "list.order",
    level: Level::Doc,
    text: "Most recent first.",
    source: "the provider's documentation: list of batches",
    applies: |request| request.operation() == Operation::List,
    needs: Needs::LISTED,
    judge: Judge::Each(judge),
};

fn judge(exchange: &Exchange) -> Judgement {
    lists::judge_page(exchange, |page| {
        let jobs = page.get("jobs").and_then(Value::as_array);
        let dates: Vec<&str> = jobs
            .into_iter()
            .flatten()
            .filter_map(|job| job.get("created_at")?.as_str())
            .collect();
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
    })
}
