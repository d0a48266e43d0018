//! `job.terminal`

use serde_json::Value;

use crate::checks::check::{Check, Judge, Level};
use crate::checks::course::Course;
use crate::checks::fix::Fix;
use crate::checks::jobs;
use crate::checks::judgement::{Judgement, Other, Tally};
use crate::checks::latest::Latest;
use crate::checks::needs::Needs;
use crate::evidence::{JobId, Outcome, Poll, Seen, text};

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.terminal",
    level: Level::Doc,
    text: "`completed` and `failed` never change again.",
    source: "the provider's documentation: batch status",
    fix: Fix::in_both(
        "Refuse every change to a job that is `completed` or `failed`; another try is another job.",
        "Stop asking once a job is over.",
    ),
    applies: jobs::asks,
    needs: Needs::REPORTED,
    judge: Judge::Course(|| Box::<Ends>::default()),
};

/// The first poll that showed each job as over.
#[derive(Debug, Default)]
struct Ends {
    first: Latest<JobId>,
}

impl Course for Ends {
    fn push(&mut self, seen: &Seen<'_>, tally: &mut Tally) {
        for poll in seen.poll.iter().chain(&seen.listed()) {
            if let Some(judgement) = judge(poll) {
                let end = self.first.get(&JobId::of(poll.id));
                tally.add_against(seen, judgement, end);
            } else if !poll.listed
                && poll.end.is_none()
                && let Some(status) = poll.state.and_then(|state| text(state, "status"))
                && jobs::is_final(status)
            {
                let end = || Other::of(seen);
                self.first.set_first(JobId::of(poll.id), end);
            }
        }
    }
}

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
    let changed = poll.outcome.and_then(|then| {
        let now = Outcome::of(state);
        // Which of a poll and a list is wrong is the business of the clauses on counts, where one is wrong by itself.
        let requested = state.get("entities_requested").and_then(Value::as_u64);
        if poll.listed && !requested.is_some_and(|most| then.is_of(most) && now.fulfils(most)) {
            return None;
        }
        let changed = then.changed(now);
        // In a list, a zero may stand for a count that is left out.
        changed.filter(|(_, then, now)| !poll.listed || *then > 0 && *now > 0)
    });
    Some(match changed {
        None => Judgement::Satisfied,
        Some((key, then, now)) => Judgement::violated(
            format!("`{key}`: {then}, as at the end"),
            format!("`{key}`: {now}"),
        ),
    })
}
