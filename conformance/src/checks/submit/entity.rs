//! `submit.entity`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::generated::contract::submit::accepted;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.entity",
    level: Level::Must,
    text: "`entity` is `{submit::accepted::ENTITY}` on this endpoint.",
    source: "the submission page: `entity`, and its example",
    fix: Fix::in_server(
        "Write `{submit::accepted::ENTITY}` as a constant on this endpoint; don't take it from the request, or from a default that endpoints share.",
    ),
    applies: response::is_valid,
    needs: Needs::JUDGED,
    judge: Judge::Each(|exchange| response::judge_constant(exchange, "entity", accepted::ENTITY)),
};
