//! Faults that forget a rule for what came before: the same submission, a job, many jobs.

use axum::http::StatusCode;

use super::forgotten::RULES;
use super::refusal_case::{case, named};
use crate::hooks::Fault;
use crate::submission::Before;

/// After more jobs than these, a server has seen many.
const MANY: u64 = 10;

/// What came before: its name, where it is in a sentence, and whether it did.
type State = (&'static str, &'static str, fn(Before) -> bool);

const STATES: &[State] = &[
    ("on-repeat", "sent a second time", |before| before.is_same),
    ("after-a-job", "after a job was accepted", |before| {
        before.accepted > 0
    }),
    ("after-many-jobs", "after many jobs", |before| {
        before.accepted > MANY
    }),
];

pub(super) fn faults() -> Vec<Fault> {
    let mut faults = Vec::new();
    for &(rule, which, clause, _, is_broken) in RULES {
        for &(state, when, came_before) in STATES {
            let case = case(clause, format!("{which}, {when},"))
                .only(move |it| is_broken(it) && came_before(it.before))
                .accepted(named(format!("forgets-{rule}-{state}")))
                .gets(
                    named(format!("fails-on-{rule}-{state}")),
                    StatusCode::INTERNAL_SERVER_ERROR,
                );
            faults.extend(case.faults);
        }
    }
    faults
}
