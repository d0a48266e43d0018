//! `reject.no-job`

use std::collections::HashSet;
use std::sync::Arc;

use crate::checks::check::{Check, Judge, Level};
use crate::checks::course::Course;
use crate::checks::fix::Fix;
use crate::checks::judgement::{Judgement, Other, Tally};
use crate::checks::needs::Needs;
use crate::contract::expectation::Expectation;
use crate::contract::request::Operation;
use crate::evidence::{Evidence, JobId, Seen, ids, text};
use crate::exchange::{Exchange, ended};
use crate::generated::contract::job;

pub(in crate::checks) static CHECK: Check = Check {
    id: "reject.no-job",
    level: Level::Seen,
    text: "A rejected request leaves no job behind.",
    source: "follows from the others",
    fix: Fix::in_server(
        "Check the whole request before a job is written, or write it in a transaction that a refusal rolls back. If others \
         submit jobs with the same account meanwhile, one of theirs may be taken for it: judge again without them.",
    ),
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
    before: Option<(HashSet<JobId>, Other)>,
    /// How many submissions were rejected since then.
    rejected: usize,
    /// Whether one came to an end that leaves open whether it made a job.
    unclear: bool,
    /// The newest list, while submissions may come to light that were sent beside it.
    list: Option<List>,
}

/// A list, and the jobs in it that no list before had and no submission was answered with.
#[derive(Debug)]
struct List {
    number: usize,
    exchange: Arc<Exchange>,
    /// In the order of the list, each once.
    new: Vec<String>,
    unclear: bool,
    /// The list before.
    before: Other,
}

impl Course for LeftBehind {
    fn push(&mut self, seen: &Seen<'_>, tally: &mut Tally) {
        let exchange = seen.exchange;
        let sent = exchange.sent_after.as_micros();
        if let Some(list) = self.list.take_if(|list| ended(&list.exchange) <= sent) {
            list.judge(seen.evidence, tally);
        }
        match exchange.request.operation() {
            Operation::Submit => match exchange.status() {
                Some(status) if status.is_client_error() => self.rejected += 1,
                Some(status) if status.is_success() && id(exchange).is_some() => {}
                _ => {
                    self.unclear = true;
                    if let Some(list) = &mut self.list {
                        list.unclear = true;
                    }
                }
            },
            Operation::List => {
                let Some(listed) = exchange.accepted_object().and_then(ids) else {
                    return;
                };
                let known = listed.iter().map(|id| JobId::of(id)).collect();
                let before = self.before.replace((known, Other::of(seen)));
                if let Some((known, before)) = before.filter(|_| self.rejected > 0) {
                    let mut seen_here = HashSet::new();
                    let is_new = |id: &&&str| {
                        let id = JobId::of(id);
                        !known.contains(&id) && seen_here.insert(id)
                    };
                    self.list = Some(List {
                        number: seen.number,
                        exchange: exchange.clone(),
                        new: (listed.iter().filter(is_new))
                            .map(|id| (*id).to_owned())
                            .collect(),
                        unclear: self.unclear,
                        before,
                    });
                }
                (self.rejected, self.unclear) = (0, false);
            }
            _ => {}
        }
    }

    fn conclude(&self, evidence: &Evidence, tally: &mut Tally) {
        if let Some(list) = &self.list {
            list.judge(evidence, tally);
        }
    }
}

fn id(exchange: &Exchange) -> Option<&str> {
    text(exchange.accepted_object()?, job::ID_KEY)
}

impl List {
    fn judge(&self, evidence: &Evidence, tally: &mut Tally) {
        let judgement = if self.unclear || !evidence.ids_are_sound() {
            Judgement::not_applicable("the outcome of a submission is not known")
        } else {
            let is_left = |id: &&String| !evidence.was_accepted(id);
            match self.new.iter().find(is_left) {
                None => Judgement::Satisfied,
                Some(first) => Judgement::violated(
                    "no job that was not accepted",
                    format!(
                        "{} new in the list, the first of them {first}",
                        self.new.iter().filter(is_left).count()
                    ),
                ),
            }
        };
        tally.add_of_both(self.number, &self.exchange, judgement, Some(&self.before));
    }
}
