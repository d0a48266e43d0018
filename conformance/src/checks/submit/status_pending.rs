//! `submit.status-pending`

use super::super::answer;
use super::super::{Check, Judge, Level, Needs};
use crate::generated::contract::submit::accepted;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.status-pending",
    level: Level::Must,
    text: "`status` is `{submit::accepted::STATUS}`, always.",
    source: "the submission page: `status`",
    applies: answer::is_valid,
    needs: Needs::JUDGED,
    judge: Judge::Each(|exchange| answer::judge_constant(exchange, "status", accepted::STATUS)),
};
