//! `list.contains`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::course::Course;
use crate::checks::fix::Fix;
use crate::checks::judgement::{Judgement, Tally};
use crate::checks::lists;
use crate::checks::needs::Needs;
use crate::evidence::{Job, Seen};

pub(in crate::checks) static CHECK: Check = Check {
    id: "list.contains",
    level: Level::Seen,
    text: "A job just accepted is listed.",
    source: "follows from the others",
    fix: Fix::in_both(
        "List a job from the moment its submission is answered: read the list from the store that submissions write to.",
        "Look for a job in the list before you take a submission whose answer was lost for lost.",
    ),
    applies: lists::is_plain,
    needs: Needs::LISTED,
    judge: Judge::Course(|| Box::new(Newest)),
};

/// Holds each list against the newest job that was accepted before it was asked for; one that has room for all, against
/// all of them.
#[derive(Debug)]
struct Newest;

impl Course for Newest {
    fn push(&mut self, seen: &Seen<'_>, tally: &mut Tally) {
        let exchange = seen.exchange;
        if !lists::is_plain(&exchange.request) || !seen.evidence.ids_are_sound() {
            return;
        }
        let Some(ids) = lists::ids(exchange) else {
            return;
        };
        let is_before = |job: &&Job| job.is_accepted_before(exchange);
        let is_whole = lists::is_whole(exchange);
        let jobs = seen.evidence.jobs().rev();
        // Those that were submitted meanwhile, here or by others, may take all of the page.
        let meanwhile = jobs.clone().take_while(|job| !is_before(job)).count();
        let unknown = ids.iter().filter(|id| !seen.evidence.was_accepted(id));
        let newer = meanwhile + unknown.count();
        if !is_whole && newer > 0 && newer >= ids.len() {
            return;
        }
        let jobs = jobs.filter(is_before);
        let due = if is_whole { usize::MAX } else { 1 };
        let mut due = jobs.map(|job| &*job.id).take(due).peekable();
        if due.peek().is_none() {
            return;
        }
        let listed = |id: &str| ids.iter().any(|listed| listed.eq_ignore_ascii_case(id));
        let judgement = match due.find(|id| !listed(id)) {
            None => Judgement::Satisfied,
            Some(id) => Judgement::violated(format!("{id} in the list"), "a list without it"),
        };
        tally.add(seen, judgement);
    }
}
