//! `submit.entities-requested`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::checks::response;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.entities-requested",
    level: Level::Must,
    text: "`entities_requested` equals `identifier_count`.",
    source: "the submission page: `entities_requested`",
    fix: Fix::in_server("Write both counts from one variable."),
    applies: response::is_valid,
    needs: Needs::JUDGED,
    judge: Judge::Each(|exchange| {
        response::judge_integer(exchange, "identifier_count", |count| {
            response::judge_integer(exchange, "entities_requested", |requested| {
                if requested == count {
                    Judgement::Satisfied
                } else {
                    Judgement::violated(
                        format!("`entities_requested`: {count}, like `identifier_count`"),
                        format!("`entities_requested`: {requested}"),
                    )
                }
            })
        })
    }),
};
