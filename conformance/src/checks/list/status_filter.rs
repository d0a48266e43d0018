//! `list.status-filter`

use super::super::{Check, Judge, Judgement, Level, Needs, answer, lists};
use http::StatusCode;
use serde_json::Value;

use crate::exchange::Exchange;
use crate::generated::contract::{job::status, status_code};

pub(in crate::checks) static CHECK: Check = Check {
    id: "list.status-filter",
    level: Level::Doc,
    text: "`status` filters; an unknown value gives {status_code::BAD_REQUEST}.",
    source: "the provider's documentation: list of batches",
    applies: |request| lists::asks(request) && request.query_value("status").is_some(),
    needs: Needs::JUDGED,
    judge: Judge::Each(judge),
};

fn judge(exchange: &Exchange) -> Judgement {
    let wanted = exchange.request.query_value("status").unwrap_or_default();
    if !status::VALUES.contains(&wanted) {
        return match (exchange.status(), answer::inconclusive(exchange)) {
            (Some(StatusCode::BAD_REQUEST), _) => Judgement::Kept,
            (_, Some(why)) => Judgement::Silent(why),
            _ => Judgement::broken(status_code::BAD_REQUEST.to_string(), answer::got(exchange)),
        };
    }
    if exchange.status() == Some(StatusCode::BAD_REQUEST) {
        return Judgement::broken(format!("the jobs that are {wanted}"), answer::got(exchange));
    }
    lists::judge_page(exchange, |page| {
        let jobs = page.get("jobs").and_then(Value::as_array);
        let mut statuses = jobs
            .into_iter()
            .flatten()
            .filter_map(|job| job.get("status")?.as_str());
        match statuses.find(|status| *status != wanted) {
            None => Judgement::Kept,
            Some(other) => Judgement::broken(
                format!("only jobs that are {wanted}"),
                format!("one that is {other}"),
            ),
        }
    })
}
