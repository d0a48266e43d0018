//! `submit.entity`

use super::super::response;
use super::super::{Check, Judge, Level, Needs};
use crate::generated::contract::submit::accepted;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.entity",
    level: Level::Must,
    text: "`entity` is `{submit::accepted::ENTITY}` on this endpoint.",
    source: "the submission page: `entity`, and its example",
    applies: response::is_valid,
    needs: Needs::JUDGED,
    judge: Judge::Each(|exchange| response::judge_constant(exchange, "entity", accepted::ENTITY)),
};
