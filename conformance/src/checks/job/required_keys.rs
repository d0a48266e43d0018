//! `job.required-keys`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::jobs;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::evidence::Poll;
use crate::generated::contract::job;

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.required-keys",
    level: Level::Doc,
    text: "`batch_id`, `status`, `entity` and `action` are always there.",
    source: "the provider's documentation: batch status",
    fix: Fix::in_both(
        "Write `batch_id`, `status`, `entity` and `action` in every state of a job, failed ones included.",
        "Take every other key for optional.",
    ),
    applies: jobs::asks,
    needs: Needs::REPORTED,
    judge: Judge::Poll(judge),
};

fn judge(poll: &Poll<'_>) -> Option<Judgement> {
    (poll.state).map(|job| response::judge_keys(job, job::REQUIRED))
}
