//! `submit.entities-requested`

use super::super::{Check, Judge, Judgement, Level, Needs, answer};

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.entities-requested",
    level: Level::Must,
    text: "`entities_requested` equals `identifier_count`.",
    source: "the submission page: `entities_requested`",
    applies: answer::is_valid,
    needs: Needs::JUDGED,
    judge: Judge::Each(|exchange| {
        answer::judge_integer(exchange, "identifier_count", |count| {
            answer::judge_integer(exchange, "entities_requested", |requested| {
                if requested == count {
                    Judgement::Kept
                } else {
                    Judgement::broken(
                        format!("`entities_requested`: {count}, like `identifier_count`"),
                        format!("`entities_requested`: {requested}"),
                    )
                }
            })
        })
    }),
};
