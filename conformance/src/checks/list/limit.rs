//! `list.limit`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::lists;
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::exchange::Exchange;
use crate::generated::contract::list::limit;

pub(in crate::checks) static CHECK: Check = Check {
    id: "list.limit",
    level: Level::Doc,
    text: "At most `limit` jobs; values out of range are clamped into {list::limit::MIN} to {list::limit::MAX}, not refused; {list::limit::DEFAULT} without it.",
    source: "the provider's documentation: list of batches",
    fix: Fix::in_both(
        "Move `limit` into the range from {list::limit::MIN} to {list::limit::MAX}, take {list::limit::DEFAULT} where it is absent, and refuse none.",
        "Go by `has_more`, not by how long a page is.",
    ),
    applies: lists::asks,
    needs: Needs::LISTED,
    judge: Judge::Each(judge),
};

fn judge(exchange: &Exchange) -> Judgement {
    let asked = match exchange.request.query_value("limit").map(str::parse::<i64>) {
        None => i64::from(limit::DEFAULT),
        Some(Ok(limit)) => limit,
        Some(Err(_)) => return Judgement::not_applicable("a limit that is no number is open"),
    };
    let limit = asked.clamp(limit::MIN.into(), limit::MAX.into());
    match lists::ids(exchange) {
        Some(ids) if ids.len() as i64 <= limit => Judgement::Satisfied,
        Some(ids) => Judgement::violated(
            format!("at most {limit} jobs"),
            format!("{} jobs", ids.len()),
        ),
        None if lists::is_refused(exchange)
            && lists::is_plain(&exchange.request)
            && asked != limit =>
        {
            Judgement::violated(format!("a limit of {limit}"), response::got(exchange))
        }
        None => Judgement::not_applicable("the response was not a list"),
    }
}
