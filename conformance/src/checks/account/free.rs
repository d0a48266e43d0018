//! `account.free`

use crate::checks::accounts;
use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::evidence::{Seen, state};
use crate::generated::contract::header::CREDITS_USED;

pub(in crate::checks) static CHECK: Check = Check {
    id: "account.free",
    level: Level::Doc,
    text: "What is read of the account carries no `{header::CREDITS_USED}`.",
    source: "the provider's documentation: usage, credits",
    fix: Fix::in_server(
        "Leave `{header::CREDITS_USED}` out of responses that cost nothing: don't write it for all paths alike.",
    ),
    applies: accounts::asks,
    // The event of a submission is read, too.
    needs: Needs::RECORDED,
    judge: Judge::Course(|| Box::new(accounts::Each(judge))),
};

/// A header that says that nothing was charged does no harm.
fn judge(seen: &Seen<'_>) -> Option<Judgement> {
    state(seen.exchange)?;
    let response = seen.exchange.outcome.as_ref().ok()?;
    let Some(value) = response.headers.get(CREDITS_USED) else {
        return Some(Judgement::Satisfied);
    };
    let text = String::from_utf8_lossy(value.as_bytes());
    let (expected, got) = (
        format!("no `{CREDITS_USED}`"),
        format!("`{CREDITS_USED}: {text}`"),
    );
    Some(match text.trim().parse::<f64>() {
        Ok(0.0) => Judgement::Doubtful { expected, got },
        _ => Judgement::violated(expected, got),
    })
}
