//! `usage.unknown-id`

use http::StatusCode;

use crate::checks::accounts;
use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::contract::request::Operation;
use crate::evidence::Seen;
use crate::exchange::Request;
use crate::probes::scenario::NO_SUCH_REQUESTS;

pub(in crate::checks) static CHECK: Check = Check {
    id: "usage.unknown-id",
    level: Level::Doc,
    text: "An id that never was: {status_code::NOT_FOUND}.",
    source: "the provider's documentation: one usage event",
    fix: Fix::in_server(
        "Answer {status_code::NOT_FOUND} where there is no such event, whatever form the id has.",
    ),
    // The list, to learn that there are events.
    applies: |request| {
        accounts::asks(request) && request.operation() == Operation::Events || is_unknown(request)
    },
    needs: Needs::NOTHING,
    judge: Judge::Course(|| Box::new(accounts::Each(judge))),
};

fn is_unknown(request: &Request) -> bool {
    accounts::asks(request)
        && matches!(request.operation(), Operation::Event(id) if NO_SUCH_REQUESTS.contains(&id))
}

fn judge(seen: &Seen<'_>) -> Option<Judgement> {
    let exchange = seen.exchange;
    if !is_unknown(&exchange.request) || !accounts::has_path(seen) || exchange.throttled() {
        return None;
    }
    let status = exchange.outcome.as_ref().ok()?.status;
    Some(if status == StatusCode::NOT_FOUND {
        Judgement::Satisfied
    } else {
        let expected = StatusCode::NOT_FOUND.to_string();
        Judgement::violated(expected, response::got(exchange))
    })
}
