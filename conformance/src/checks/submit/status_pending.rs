//! `submit.status-pending`

use super::super::response;
use super::super::{Check, Judge, Level, Needs};
use crate::generated::contract::submit::accepted;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.status-pending",
    level: Level::Must,
    text: "`status` is `{submit::accepted::STATUS}`, always.",
    source: "the submission page: `status`",
    applies: response::is_valid,
    needs: Needs::JUDGED,
    judge: Judge::Each(|exchange| response::judge_constant(exchange, "status", accepted::STATUS)),
};
