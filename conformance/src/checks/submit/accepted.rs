//! `submit.accepted`

use crate::checks::acceptance::Clause;
use crate::checks::check::{Check, Judge, Level};
use crate::checks::needs::Needs;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.accepted",
    level: Level::Must,
    text: "A valid request is accepted: a 2xx status (which one is open) and a JSON body.",
    source: "the submission page",
    applies: |request| request.expectation().valid().is_some(),
    needs: Needs::JUDGED,
    judge: Judge::Acceptance(Clause {
        mine: None,
        not_covered: |_| None,
        brings: None,
    }),
};
