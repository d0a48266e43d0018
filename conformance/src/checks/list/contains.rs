//! `list.contains`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::course::Course;
use crate::checks::judgement::{Judgement, Tally};
use crate::checks::lists;
use crate::checks::needs::Needs;
use crate::contract::request::Operation;
use crate::evidence::{Seen, text};
use crate::generated::contract::job;

pub(in crate::checks) static CHECK: Check = Check {
    id: "list.contains",
    level: Level::Seen,
    text: "A job just accepted is listed.",
    source: "follows from the others",
    applies: lists::is_plain,
    needs: Needs::LISTED,
    judge: Judge::Course(|| Box::<Newest>::default()),
};

/// Holds each list against the newest job that was accepted before.
#[derive(Debug, Default)]
struct Newest {
    id: Option<String>,
}

impl Course for Newest {
    fn push(&mut self, seen: &Seen<'_>, tally: &mut Tally) {
        let exchange = seen.exchange;
        if exchange.request.operation() == Operation::Submit {
            let object = exchange.accepted_object();
            if let Some(id) = object.and_then(|job| text(job, job::ID_KEY)) {
                self.id = Some(id.to_owned());
            }
        } else if lists::is_plain(&exchange.request)
            && seen.evidence.ids_are_sound()
            && let (Some(ids), Some(id)) = (lists::ids(exchange), &self.id)
        {
            let whole = lists::is_whole(exchange);
            let missing = |id: &&str| !ids.iter().any(|listed| listed.eq_ignore_ascii_case(id));
            let others = seen.evidence.jobs().iter().map(|job| &*job.id);
            let due = std::iter::once(id.as_str()).chain(others.filter(|_| whole));
            let judgement = match due.into_iter().find(missing) {
                None => Judgement::Satisfied,
                Some(id) => Judgement::violated(format!("{id} in the list"), "a list without it"),
            };
            tally.add(seen, judgement);
        }
    }
}
