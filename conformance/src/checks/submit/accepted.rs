//! `submit.accepted`

use super::super::acceptance;
use super::super::{Check, Judge, Level, Needs};

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.accepted",
    level: Level::Must,
    text: "A valid request is accepted: a 2xx status (which one is open) and a JSON body.",
    source: "the submission page",
    applies: |request| request.expectation().valid().is_some(),
    needs: Needs::JUDGED,
    judge: Judge::Acceptance(acceptance::judge_rest),
};
