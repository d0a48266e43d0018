//! `job.found`

use super::super::{Check, Judge, Judgement, Level, Needs, Observation, jobs, response};
use crate::evidence::{Evidence, state};
use crate::exchange::Exchange;

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.found",
    level: Level::Must,
    text: "The `status_url` of an accepted job answers 200 with JSON.",
    source: "the submission page: `status_url`",
    applies: jobs::asks,
    needs: Needs::JOB,
    judge: Judge::Together(judge),
};

fn judge(evidence: &Evidence<'_>) -> Vec<Observation> {
    (evidence.timelines.iter())
        .flat_map(|timeline| &timeline.polls)
        .filter(|(_, poll)| jobs::asks(&poll.request))
        .map(|(number, poll)| Observation::of(*number, judge_one(poll)))
        .collect()
}

fn judge_one(exchange: &Exchange) -> Judgement {
    if state(exchange).is_some() {
        return Judgement::Satisfied;
    }
    match response::inconclusive(exchange) {
        Some(why) => Judgement::NotApplicable(why),
        None => Judgement::violated("200 with a JSON object", response::got(exchange)),
    }
}
