//! `account.authorization`

use http::StatusCode;

use crate::checks::accounts;
use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::contract::request::Version;
use crate::evidence::Seen;

pub(in crate::checks) static CHECK: Check = Check {
    id: "account.authorization",
    level: Level::Doc,
    text: "Without a valid key nothing of the account is readable: {status_code::UNAUTHORIZED}.",
    source: "the provider's documentation: credits, usage",
    fix: Fix::in_both(
        "Check the key on each path of the account, those with an id included, and answer {status_code::UNAUTHORIZED}.",
        "Send the key with what you ask of the account, too.",
    ),
    // With the key, to learn that the path is there.
    applies: |request| {
        accounts::asks(request)
            || request.operation().is_account() && request.credential().is_invalid()
    },
    // The event of a submission is read, too.
    needs: Needs::RECORDED,
    judge: Judge::Course(|| Box::new(accounts::Each(judge))),
};

/// With neither key nor version, which is judged first is open.
fn judge(seen: &Seen<'_>) -> Option<Judgement> {
    let exchange = seen.exchange;
    let request = &exchange.request;
    if !request.credential().is_invalid() || request.version() != Version::Current {
        return None;
    }
    let readable = exchange.accepted_object().is_some();
    if exchange.status() == Some(StatusCode::UNAUTHORIZED) {
        return Some(Judgement::Satisfied);
    }
    if !readable && (!accounts::has_path(seen) || exchange.throttled()) {
        return None;
    }
    let expected = StatusCode::UNAUTHORIZED.to_string();
    match &exchange.outcome {
        Ok(_) => Some(Judgement::violated(expected, response::got(exchange))),
        Err(_) => None,
    }
}
