//! `job.status`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::jobs;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::evidence::{Poll, text};
use crate::generated::contract::job::status;

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.status",
    level: Level::Doc,
    text: "`status` is `{job::status::VALUES}`.",
    source: "the provider's documentation: batch status",
    fix: Fix::in_both(
        "Map the states that you have inside to `{job::status::VALUES}`, in lower case, and write no other.",
        "Take a status that you don't know for one of a job that is not over, and go on asking.",
    ),
    applies: jobs::asks,
    needs: Needs::REPORTED,
    judge: Judge::Poll(judge),
};

fn judge(poll: &Poll<'_>) -> Option<Judgement> {
    poll.state.map(|job| match text(job, "status") {
        None => Judgement::not_applicable("no response had a string under `status`"),
        Some(status) if status::VALUES.contains(&status) => Judgement::Satisfied,
        Some(status) => Judgement::violated(
            format!("`status`: one of {}", status::VALUES.join(", ")),
            format!("`status`: {status:?}"),
        ),
    })
}
