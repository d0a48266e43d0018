//! `job.terminal`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::jobs;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::evidence::{Outcome, Poll, text};

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.terminal",
    level: Level::Doc,
    text: "`completed` and `failed` never change again.",
    source: "the provider's documentation: batch status",
    applies: jobs::asks,
    needs: Needs::REPORTED,
    judge: Judge::Poll(judge),
};

fn judge(poll: &Poll<'_>) -> Option<Judgement> {
    let state = poll.state?;
    let status = text(state, "status")?;
    let end = poll.end?;
    // A list may lag behind, but what it shows as over has ended in the same way.
    if poll.listed && !jobs::is_final(status) {
        return None;
    }
    if status != end {
        return Some(Judgement::violated(
            format!("`status`: {end:?}, as before"),
            format!("`status`: {status:?}"),
        ));
    }
    let then = poll.outcome.filter(|_| !poll.listed);
    let changed = then.and_then(|then| then.changed(Outcome::of(state)));
    Some(match changed {
        None => Judgement::Satisfied,
        Some((key, then, now)) => Judgement::violated(
            format!("`{key}`: {then}, as at the end"),
            format!("`{key}`: {now}"),
        ),
    })
}
