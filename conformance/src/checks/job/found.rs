//! `job.found`

use super::super::{Check, Judge, Judgement, Level, Observation, answer, jobs};
use crate::exchange::Exchange;

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.found",
    level: Level::Must,
    text: "The `status_url` of an accepted job answers 200 with JSON.",
    source: "the submission page: `status_url`",
    applies: jobs::makes_or_asks,
    judge: Judge::Together(judge),
};

fn judge(exchanges: &[Exchange]) -> Vec<Observation> {
    let traces = jobs::traces(exchanges);
    let looks = traces.iter().flat_map(|trace| &trace.looks);
    looks
        .filter(|index| jobs::asks(&exchanges[**index].request))
        .map(|index| Observation {
            exchange: Some(*index),
            judgement: judge_one(&exchanges[*index]),
        })
        .collect()
}

fn judge_one(exchange: &Exchange) -> Judgement {
    if jobs::state(exchange).is_some() {
        return Judgement::Kept;
    }
    match answer::inconclusive(exchange) {
        Some(why) => Judgement::Silent(why),
        None => Judgement::broken("200 with a JSON object", answer::got(exchange)),
    }
}
