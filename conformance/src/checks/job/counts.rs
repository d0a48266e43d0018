//! `job.counts`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::jobs;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::evidence::Poll;

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.counts",
    level: Level::Doc,
    text: "`entities_fulfilled` is at most `entities_requested`.",
    source: "the provider's documentation: batch status",
    fix: Fix::in_both(
        "Count each requested entity once, also when a part of the job is done again.",
        "Take fewer fulfilled than requested for what it is: not everybody is found.",
    ),
    applies: jobs::asks,
    needs: Needs::REPORTED,
    judge: Judge::Poll(judge),
};

fn judge(poll: &Poll<'_>) -> Option<Judgement> {
    let job = poll.state?;
    let requested = job.get("entities_requested").and_then(response::integer);
    let fulfilled = job.get("entities_fulfilled").filter(|it| !it.is_null());
    let is_more = |fulfilled, most| response::integer(fulfilled).is_none_or(|it| it > most);
    Some(match (fulfilled, requested) {
        (Some(fulfilled), Some(requested)) if is_more(fulfilled, requested) => Judgement::violated(
            format!("`entities_fulfilled`: at most {requested}"),
            format!("`entities_fulfilled`: {fulfilled}"),
        ),
        (Some(_), Some(_)) => Judgement::Satisfied,
        _ => Judgement::not_applicable("no job said how many entities were fulfilled"),
    })
}
