//! `job.found`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::jobs;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::evidence::Poll;

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.found",
    level: Level::Must,
    text: "The `status_url` of an accepted job answers 200 with JSON.",
    source: "the submission page: `status_url`",
    fix: Fix::in_both(
        "Write the job before you answer the submission, to the store that polls are read from; a replica that lags has no job yet.",
        "Take a 404 just after an acceptance for a server that is late: ask again, and don't submit again.",
    ),
    applies: jobs::asks,
    needs: Needs::JOB,
    judge: Judge::Poll(judge),
};

fn judge(poll: &Poll<'_>) -> Option<Judgement> {
    (!poll.listed && jobs::asks(&poll.exchange.request)).then(|| judge_one(poll))
}

fn judge_one(poll: &Poll<'_>) -> Judgement {
    if poll.state.is_some() {
        return Judgement::Satisfied;
    }
    match response::inconclusive(poll.exchange) {
        Some(why) => Judgement::not_applicable(why),
        None => Judgement::violated("200 with a JSON object", response::got(poll.exchange)),
    }
}
