//! `submit.status-pending`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::generated::contract::ACCEPTED_STATUS;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.status-pending",
    level: Level::Must,
    text: "`status` is `{ACCEPTED_STATUS}`, always.",
    source: "the submission page: `status`",
    applies: response::is_valid,
    needs: Needs::JUDGED,
    judge: Judge::Each(|exchange| response::judge_constant(exchange, "status", ACCEPTED_STATUS)),
};
