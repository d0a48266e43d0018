//! `submit.identifier-count`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::contract::expectation::Count;
use crate::exchange::Request;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.identifier-count",
    level: Level::Must,
    text: "`identifier_count` is the number of identifiers sent, in either form. How duplicates, blanks \
           and empty items count is open.",
    source: "the submission page: `identifier_count`",
    fix: Fix::in_both(
        "Count what was sent, after a string has been split at its commas: not what was found, and not what one part of the job holds.",
        "Hold the count against what you sent, before you wait for the job.",
    ),
    applies: |request| sent(request).is_some(),
    needs: Needs::JUDGED,
    judge: Judge::Each(|exchange| {
        let Some(sent) = sent(&exchange.request) else {
            return Judgement::not_applicable("how many identifiers count is open");
        };
        response::judge_integer(exchange, "identifier_count", |count| {
            if count == sent as i128 {
                Judgement::Satisfied
            } else {
                Judgement::violated(
                    format!("`identifier_count`: {sent}"),
                    format!("`identifier_count`: {count}"),
                )
            }
        })
    }),
};

fn sent(request: &Request) -> Option<usize> {
    match request.expectation().named()?.identifiers {
        Count::Exactly(sent) => Some(sent),
        Count::Open => None,
    }
}
