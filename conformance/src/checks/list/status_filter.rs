//! `list.status-filter`

use super::super::{Check, Judge, Judgement, Level, Needs, lists, response};
use http::StatusCode;
use serde_json::Value;

use crate::exchange::Exchange;
use crate::generated::contract::JOB_STATUSES;

pub(in crate::checks) static CHECK: Check = Check {
    id: "list.status-filter",
    level: Level::Doc,
    text: "`status` filters; an unknown value gives 400.",
    source: "the provider's documentation: list of batches",
    applies: |request| lists::asks(request) && request.query_value("status").is_some(),
    needs: Needs::LISTED,
    judge: Judge::Each(judge),
};

fn judge(exchange: &Exchange) -> Judgement {
    let wanted = exchange.request.query_value("status").unwrap_or_default();
    if !JOB_STATUSES.contains(&wanted) {
        return match (exchange.status(), response::inconclusive(exchange)) {
            (Some(StatusCode::BAD_REQUEST), _) => Judgement::Satisfied,
            (_, Some(why)) => Judgement::NotApplicable(why),
            _ => Judgement::violated("400", response::got(exchange)),
        };
    }
    if exchange.status() == Some(StatusCode::BAD_REQUEST) {
        return Judgement::violated(
            format!("the jobs that are {wanted}"),
            response::got(exchange),
        );
    }
    lists::judge_page(exchange, |page| {
        let jobs = page.get("jobs").and_then(Value::as_array);
        let mut statuses = jobs
            .into_iter()
            .flatten()
            .filter_map(|job| job.get("status")?.as_str());
        match statuses.find(|status| *status != wanted) {
            None => Judgement::Satisfied,
            Some(other) => Judgement::violated(
                format!("only jobs that are {wanted}"),
                format!("one that is {other}"),
            ),
        }
    })
}
