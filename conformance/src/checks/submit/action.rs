//! `submit.action`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::generated::contract::submit::accepted;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.action",
    level: Level::Must,
    text: "`action` is `{submit::accepted::ACTION}` on this endpoint.",
    source: "the submission page: `action`",
    fix: Fix::in_server(
        "Write `{submit::accepted::ACTION}` as a constant on this endpoint; don't take it from the request, or from a default that endpoints share.",
    ),
    applies: response::is_valid,
    needs: Needs::JUDGED,
    judge: Judge::Each(|exchange| response::judge_constant(exchange, "action", accepted::ACTION)),
};
