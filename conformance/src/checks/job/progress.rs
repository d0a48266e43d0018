//! `job.progress`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::course::Course;
use crate::checks::fix::Fix;
use crate::checks::jobs;
use crate::checks::judgement::{Judgement, Other, Tally};
use crate::checks::latest::Latest;
use crate::checks::needs::Needs;
use crate::evidence::{JobId, Poll, Seen, text};
use crate::generated::contract::job::status;

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.progress",
    level: Level::Doc,
    text: "The status only moves from `pending` to `processing` to `completed` or `failed`; steps may be skipped between two polls.",
    source: "the provider's documentation: batch status",
    fix: Fix::in_both(
        "Let a state only move forward: make each update conditional on the state before, and read it from where it is written, not from a replica that lags.",
        "Wait for the end, and don't take a step for granted: one may be skipped between two polls.",
    ),
    applies: jobs::asks,
    needs: Needs::JOB,
    judge: Judge::Course(|| Box::<Polls>::default()),
};

/// The last poll of each job that is worked on.
#[derive(Debug, Default)]
struct Polls {
    last: Latest<JobId>,
}

impl Course for Polls {
    fn push(&mut self, seen: &Seen<'_>, tally: &mut Tally) {
        let Some(poll) = &seen.poll else { return };
        if let Some(judgement) = judge(poll) {
            let before = JobId::of(poll.id);
            tally.add_against(seen, judgement, self.last.get(&before));
        }
        let status = poll.state.and_then(|state| text(state, "status"));
        if status == Some(status::PROCESSING) {
            self.last.set(JobId::of(poll.id), Other::of(seen));
        }
    }
}

/// Moves from a final status are the business of `job.terminal`, unknown ones of `job.status`.
fn judge(poll: &Poll<'_>) -> Option<Judgement> {
    let status = text(poll.state?, "status")?;
    let before = poll.before.unwrap_or(status::PENDING);
    let (from, to) = (rank(before)?, rank(status)?);
    Some(if to >= from || jobs::is_final(before) {
        Judgement::Satisfied
    } else {
        Judgement::violated(
            format!("no way back from {before:?}"),
            format!("`status`: {status:?}"),
        )
    })
}

fn rank(status: &str) -> Option<u8> {
    match status {
        status::PENDING => Some(0),
        status::PROCESSING => Some(1),
        status::COMPLETED | status::FAILED => Some(2),
        _ => None,
    }
}
