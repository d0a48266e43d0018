//! `submit.status-pending`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::generated::contract::submit::accepted;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.status-pending",
    level: Level::Must,
    text: "`status` is `{submit::accepted::STATUS}`, always.",
    source: "the submission page: `status`",
    fix: Fix::in_both(
        "Write `{submit::accepted::STATUS}` as a constant into the response to a submission; how far the job is, a poll says.",
        "Don't read progress from the response to a submission.",
    ),
    applies: response::is_valid,
    needs: Needs::JUDGED,
    judge: Judge::Each(|exchange| response::judge_constant(exchange, "status", accepted::STATUS)),
};
