//! `limit.active-jobs`

use super::super::{Check, Judge, Judgement, Level, Observation, answer, jobs};
use http::StatusCode;

use crate::exchange::Exchange;
use crate::generated::contract::ACTIVE_JOBS_MAX;

pub(in crate::checks) static CHECK: Check = Check {
    id: "limit.active-jobs",
    level: Level::Doc,
    text: "At most {ACTIVE_JOBS_MAX} jobs of an account are pending or processing; one submission more gives 429.",
    source: "the provider's documentation: limits",
    applies: jobs::makes_or_asks,
    judge: Judge::Together(judge),
};

fn judge(exchanges: &[Exchange]) -> Vec<Observation> {
    let traces = jobs::traces(exchanges);
    jobs::beyond_the_limit(exchanges, &traces)
        .into_iter()
        .map(|index| Observation {
            exchange: Some(index),
            judgement: judge_one(&exchanges[index]),
        })
        .collect()
}

fn judge_one(exchange: &Exchange) -> Judgement {
    match exchange.status() {
        Some(StatusCode::TOO_MANY_REQUESTS) => Judgement::Kept,
        Some(status)
            if status.is_success() || status.is_client_error() || status.is_server_error() =>
        {
            Judgement::broken(
                format!("429, with {ACTIVE_JOBS_MAX} jobs active"),
                answer::got(exchange),
            )
        }
        _ => Judgement::silent("no answer"),
    }
}
