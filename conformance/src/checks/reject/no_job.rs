//! `reject.no-job`

use std::collections::{BTreeSet, HashSet};

use crate::checks::check::{Check, Judge, Level};
use crate::checks::course::Course;
use crate::checks::judgement::{Judgement, Tally};
use crate::checks::needs::Needs;
use crate::contract::expectation::Expectation;
use crate::contract::request::Operation;
use crate::evidence::{Evidence, JobId, Seen, ids, text};
use crate::generated::contract::job;

pub(in crate::checks) static CHECK: Check = Check {
    id: "reject.no-job",
    level: Level::Seen,
    text: "A rejected request leaves no job behind.",
    source: "follows from the others",
    applies: |request| {
        matches!(request.expectation(), Expectation::Refuse(_))
            || request.operation() == Operation::List
    },
    needs: Needs::JUDGED,
    judge: Judge::Course(|| Box::<LeftBehind>::default()),
};

/// Holds each list of jobs against the one before: what is new in it was accepted in between, or was left
/// behind by a rejected request. Another user of the account can be the cause too, hence the level.
#[derive(Debug, Default)]
struct LeftBehind {
    /// The list before.
    before: Option<HashSet<JobId>>,
    /// How many submissions were rejected since then.
    rejected: usize,
    /// Whether one came to an end that leaves open whether it made a job.
    unclear: bool,
}

impl Course for LeftBehind {
    fn push(&mut self, seen: &Seen<'_>, tally: &mut Tally) {
        let exchange = seen.exchange;
        match exchange.request.operation() {
            Operation::Submit if exchange.accepted() => {
                self.unclear |= (exchange.accepted_object())
                    .and_then(|job| text(job, job::ID_KEY))
                    .is_none();
            }
            Operation::Submit => match exchange.status() {
                Some(status) if status.is_client_error() => self.rejected += 1,
                _ => self.unclear = true,
            },
            Operation::List => {
                let Some(listed) = exchange.accepted_object().and_then(ids) else {
                    return;
                };
                let known = listed.iter().map(|id| JobId::of(id)).collect();
                if let Some(before) = self.before.replace(known).filter(|_| self.rejected > 0) {
                    let judgement = if self.unclear || !seen.evidence.ids_are_sound() {
                        Judgement::not_applicable("the outcome of a submission is not known")
                    } else {
                        judge_new(&listed, &before, seen.evidence)
                    };
                    tally.add(seen, judgement);
                }
                (self.rejected, self.unclear) = (0, false);
            }
            _ => {}
        }
    }
}

fn judge_new(listed: &[&str], before: &HashSet<JobId>, evidence: &Evidence) -> Judgement {
    let known = |id: &str| before.contains(&JobId::of(id)) || evidence.was_accepted(id);
    let new: BTreeSet<&str> = listed.iter().copied().filter(|id| !known(id)).collect();
    match new.first() {
        None => Judgement::Satisfied,
        Some(first) => Judgement::violated(
            "no job that was not accepted",
            format!("{} new in the list, the first of them {first}", new.len()),
        ),
    }
}
