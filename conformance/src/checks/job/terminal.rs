//! `job.terminal`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::jobs;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::evidence::{Poll, text};

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.terminal",
    level: Level::Doc,
    text: "`completed` and `failed` never change again.",
    source: "the provider's documentation: batch status",
    applies: jobs::asks,
    needs: Needs::JOB,
    judge: Judge::Poll(judge),
};

fn judge(poll: &Poll<'_>) -> Option<Judgement> {
    let status = text(poll.state?, "status")?;
    let end = poll.end?;
    Some(if status == end {
        Judgement::Satisfied
    } else {
        Judgement::violated(
            format!("`status`: {end:?}, as before"),
            format!("`status`: {status:?}"),
        )
    })
}
