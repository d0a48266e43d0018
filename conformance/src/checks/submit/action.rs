//! `submit.action`

use super::super::response;
use super::super::{Check, Judge, Level, Needs};
use crate::generated::contract::submit::accepted;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.action",
    level: Level::Must,
    text: "`action` is `{submit::accepted::ACTION}` on this endpoint.",
    source: "the submission page: `action`",
    applies: response::is_valid,
    needs: Needs::JUDGED,
    judge: Judge::Each(|exchange| response::judge_constant(exchange, "action", accepted::ACTION)),
};
