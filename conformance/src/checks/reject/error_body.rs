//! `reject.error-body`

use http::StatusCode;
use serde_json::Value;

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::contract::expectation::Expectation;
use crate::contract::request::Operation;
use crate::exchange::Exchange;

pub(in crate::checks) static CHECK: Check = Check {
    id: "reject.error-body",
    level: Level::Doc,
    text: "A {status_code::BAD_REQUEST}, {status_code::INSUFFICIENT_CREDITS}, {status_code::FORBIDDEN}, {status_code::NOT_FOUND} or {status_code::SERVER_ERROR} carries `{\"error\": {\"type\", \"message\", \"metadata\"}}`; \
           `metadata` may be an object or a list. A {status_code::UNAUTHORIZED} may be flat: `{\"message\": …}`. The values of \
           `type` are open.",
    source: "the provider's documentation: errors",
    fix: Fix::in_both(
        "Write every error by one function, as `{\"error\": {\"type\", \"message\", \"metadata\"}}`, those of the framework and of the gateway included.",
        "Decide by the status, and read the message from either form; an error may also be a page of HTML.",
    ),
    applies: |request| matches!(request.expectation(), Expectation::Refuse(_)),
    needs: Needs::JUDGED,
    judge: Judge::Any(judge),
};

/// Whatever was asked of the API about jobs, a response with one of these statuses is judged; the store of the results
/// files is another server, and so may be what answers for the account.
fn judge(exchange: &Exchange) -> Option<Judgement> {
    let operation = exchange.request.operation();
    let another = matches!(operation, Operation::Download(_) | Operation::Delivery(_));
    if another || operation.is_account() {
        return None;
    }
    let response = exchange.outcome.as_ref().ok()?;
    let flat_will_do = match response.status {
        StatusCode::BAD_REQUEST
        | StatusCode::PAYMENT_REQUIRED
        | StatusCode::FORBIDDEN
        | StatusCode::NOT_FOUND
        | StatusCode::INTERNAL_SERVER_ERROR => false,
        StatusCode::UNAUTHORIZED => true,
        _ => return None,
    };
    let Some(body) = response.json() else {
        return Some(Judgement::violated(
            "an error body",
            response::got(exchange),
        ));
    };
    if flat_will_do && body.get("message").is_some_and(Value::is_string) {
        return Some(Judgement::Satisfied);
    }
    Some(match amiss(body) {
        None => Judgement::Satisfied,
        Some(amiss) => Judgement::violated(
            "`error.type`, `error.message` and `error.metadata`",
            format!("{}, {amiss}", response.status),
        ),
    })
}

/// What keeps `body` from being the envelope. `metadata` without a value is taken for an empty one.
fn amiss(body: &Value) -> Option<String> {
    let Some(error) = body.get("error").and_then(Value::as_object) else {
        return Some("no `error` object".to_owned());
    };
    for key in ["type", "message"] {
        if !error.get(key).is_some_and(Value::is_string) {
            return Some(format!("no string under `error.{key}`"));
        }
    }
    match error.get("metadata") {
        Some(Value::Object(_) | Value::Array(_) | Value::Null) => None,
        Some(other) => Some(format!("`error.metadata`: {other}")),
        None => Some("no `error.metadata`".to_owned()),
    }
}
