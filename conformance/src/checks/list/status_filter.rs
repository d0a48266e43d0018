//! `list.status-filter`

use http::StatusCode;
use serde_json::Value;

use crate::checks::check::{Check, Judge, Level};
use crate::checks::judgement::Judgement;
use crate::checks::lists;
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::exchange::Exchange;
use crate::generated::contract::{job::status, status_code};

pub(in crate::checks) static CHECK: Check = Check {
    id: "list.status-filter",
    level: Level::Doc,
    text: "`status` filters; an unknown value gives {status_code::BAD_REQUEST}.",
    source: "the provider's documentation: list of batches",
    applies: |request| lists::asks(request) && request.query_value("status").is_some(),
    needs: Needs::LISTED,
    judge: Judge::Each(judge),
};

fn judge(exchange: &Exchange) -> Judgement {
    let wanted = exchange.request.query_value("status").unwrap_or_default();
    if !status::VALUES.contains(&wanted) {
        return match (exchange.status(), response::inconclusive(exchange)) {
            (Some(StatusCode::BAD_REQUEST), _) => Judgement::Satisfied,
            (_, Some(why)) => Judgement::NotApplicable(why),
            _ => Judgement::violated(
                status_code::BAD_REQUEST.to_string(),
                response::got(exchange),
            ),
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
