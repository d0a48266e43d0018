//! `submit.accepted`

use crate::checks::acceptance::Clause;
use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::needs::Needs;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.accepted",
    level: Level::Must,
    text: "A valid request is accepted: a 2xx status (which one is open) and a JSON body.",
    source: "the submission page",
    fix: Fix::in_both(
        "Accept every request that breaks no rule of the page, with a 2xx and a JSON body: look for a check that is stricter than the documented bounds, and for a response that is cut off or not JSON.",
        "Take every 2xx for an acceptance, not 200 alone, and keep the job's id whatever else the body has or lacks.",
    ),
    applies: |request| request.expectation().valid().is_some(),
    needs: Needs::JUDGED,
    judge: Judge::Acceptance(Clause {
        mine: None,
        not_covered: |_| None,
        brings: None,
    }),
};
