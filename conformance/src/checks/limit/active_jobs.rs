//! `limit.active-jobs`

use super::super::{Check, Judge, Judgement, Level, Needs, Observation, Submissions, response};
use http::StatusCode;

use crate::evidence::Evidence;
use crate::exchange::Exchange;
use crate::generated::contract::{limits, status_code};

pub(in crate::checks) static CHECK: Check = Check {
    id: "limit.active-jobs",
    level: Level::Doc,
    text: "At most {limits::ACTIVE_JOBS} jobs of an account are pending or processing; one submission more gives {status_code::TOO_MANY_REQUESTS}.",
    source: "the provider's documentation: limits",
    applies: response::is_valid,
    needs: Needs {
        submissions: Submissions::OneTooMany,
        ..Needs::JOB
    },
    judge: Judge::Together(judge),
};

fn judge(evidence: &Evidence<'_>) -> Vec<Observation> {
    let account = &evidence.account;
    (evidence.exchanges.iter())
        .filter(|(number, _)| account.beyond_the_limit.contains(number))
        .map(|(number, exchange)| {
            let valid = exchange.request.expectation().valid();
            let fine_elsewhere = valid.is_some_and(|valid| {
                valid
                    .features
                    .iter()
                    .all(|feature| account.accepted_features.contains(feature))
            });
            Observation::of(*number, judge_one(exchange, fine_elsewhere))
        })
        .collect()
}

/// Any refusal but 429 may be for what the request is, unless such requests are `fine_elsewhere`.
fn judge_one(exchange: &Exchange, fine_elsewhere: bool) -> Judgement {
    match exchange.status() {
        Some(StatusCode::TOO_MANY_REQUESTS) => Judgement::Satisfied,
        Some(status)
            if status.is_success()
                || fine_elsewhere && response::inconclusive(exchange).is_none() =>
        {
            Judgement::violated(
                format!(
                    "{}, with {} jobs active",
                    status_code::TOO_MANY_REQUESTS,
                    limits::ACTIVE_JOBS
                ),
                response::got(exchange),
            )
        }
        _ => Judgement::not_applicable("refused, but not known to be for this"),
    }
}
