//! `account.version`

use http::StatusCode;

use crate::checks::accounts;
use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::contract::request::{Credential, Version};
use crate::evidence::Seen;

pub(in crate::checks) static CHECK: Check = Check {
    id: "account.version",
    level: Level::Doc,
    text: "With a valid key and no `{header::API_VERSION}`, or another one: {status_code::BAD_REQUEST}.",
    source: "the provider's documentation: credit balance, endpoint permissions",
    fix: Fix::in_both(
        "Ask for `{header::API_VERSION}` on each path of the account, as for submissions, and answer {status_code::BAD_REQUEST}.",
        "Send the header with what you ask of the account.",
    ),
    applies: |request| {
        request.operation().is_account() && request.credential() == Credential::Configured
    },
    needs: Needs::NOTHING,
    judge: Judge::Course(|| Box::new(accounts::Each(judge))),
};

fn judge(seen: &Seen<'_>) -> Option<Judgement> {
    let exchange = seen.exchange;
    let request = &exchange.request;
    if request.credential() != Credential::Configured
        || request.version() == Version::Current
        || !accounts::has_path(seen)
        || exchange.throttled()
    {
        return None;
    }
    let status = exchange.outcome.as_ref().ok()?.status;
    Some(if status == StatusCode::BAD_REQUEST {
        Judgement::Satisfied
    } else {
        let expected = StatusCode::BAD_REQUEST.to_string();
        Judgement::violated(expected, response::got(exchange))
    })
}
