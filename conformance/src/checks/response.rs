//! Reading accepted answers, for the checks that judge one value of them. An absent key or a value of the
//! wrong JSON type is the business of `submit.required-keys` alone; the others are then silent, so that a
//! report names one cause once.

use http::StatusCode;
use serde_json::{Map, Value};

use crate::checks::judgement::Judgement;
pub(super) use crate::evidence::integer;
use crate::exchange::{Exchange, FailureKind, Request};

/// Whether `request` is one that a correct server accepts, or may accept: a 2xx to it is an accepted response.
pub(super) fn is_valid(request: &Request) -> bool {
    request.expectation().named().is_some()
}

/// Judges the object of an accepted response; silent about any other.
pub(super) fn judge_object(
    exchange: &Exchange,
    judge: impl FnOnce(&Map<String, Value>) -> Judgement,
) -> Judgement {
    match exchange.accepted_object() {
        Some(object) => judge(object),
        None => not_accepted(exchange),
    }
}

/// Judges the string under `key` of an accepted response.
pub(super) fn judge_str(
    exchange: &Exchange,
    key: &str,
    judge: impl FnOnce(&str) -> Judgement,
) -> Judgement {
    judge_object(exchange, |object| {
        match object.get(key).and_then(Value::as_str) {
            Some(value) => judge(value),
            None => no_such_value(key, "string"),
        }
    })
}

/// Judges the whole number under `key` of an accepted response.
pub(super) fn judge_integer(
    exchange: &Exchange,
    key: &str,
    judge: impl FnOnce(i128) -> Judgement,
) -> Judgement {
    judge_object(exchange, |object| match object.get(key).and_then(integer) {
        Some(value) => judge(value),
        None => no_such_value(key, "whole number"),
    })
}

/// Judges that the string under `key` is `expected`.
pub(super) fn judge_constant(exchange: &Exchange, key: &str, expected: &str) -> Judgement {
    judge_str(exchange, key, |value| {
        if value == expected {
            Judgement::Satisfied
        } else {
            Judgement::violated(
                format!("`{key}`: {expected:?}"),
                format!("`{key}`: {value:?}"),
            )
        }
    })
}

/// Judges that `object` has these keys, each with a value of its JSON type.
pub(super) fn judge_keys(object: &Map<String, Value>, keys: &[(&str, &str)]) -> Judgement {
    let amiss: Vec<String> = keys
        .iter()
        .filter_map(|(key, kind)| amiss(key, kind, object.get(*key)))
        .collect();
    if amiss.is_empty() {
        return Judgement::Satisfied;
    }
    let expected: Vec<String> = keys
        .iter()
        .map(|(key, kind)| format!("`{key}` ({kind})"))
        .collect();
    Judgement::violated(expected.join(", "), amiss.join(", "))
}

fn amiss(key: &str, kind: &str, value: Option<&Value>) -> Option<String> {
    let Some(value) = value else {
        return Some(format!("no `{key}`"));
    };
    let right = match kind {
        "string" => value.is_string(),
        "integer" => integer(value).is_some_and(|n| n >= 0),
        _ => true,
    };
    (!right).then(|| format!("`{key}`: {value}"))
}

/// Whether `value` says nothing: null, or empty.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(object) => object.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn no_such_value(key: &str, kind: &str) -> Judgement {
    Judgement::not_applicable(format!("no response had a {kind} under `{key}`"))
}

fn not_accepted(exchange: &Exchange) -> Judgement {
    Judgement::not_applicable(match &exchange.outcome {
        Ok(response) if response.status.is_success() => "the response was not a JSON object".into(),
        Ok(response) => format!("the server answered {}", response.status),
        Err(failure) => failure.detail.clone(),
    })
}

/// Why the outcome of `exchange` says nothing about how the server takes the request, where it doesn't:
/// the server was busy, the account may not, or nothing came back.
pub(super) fn inconclusive(exchange: &Exchange) -> Option<String> {
    match &exchange.outcome {
        Err(failure)
            if matches!(
                failure.kind,
                FailureKind::Connect | FailureKind::Timeout | FailureKind::NotRecorded
            ) =>
        {
            Some(failure.detail.clone())
        }
        _ => match exchange.status()? {
            status @ (StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) => {
                Some(format!("the server put the request off with {status}"))
            }
            status @ (StatusCode::PAYMENT_REQUIRED | StatusCode::FORBIDDEN) => Some(format!(
                "the account is refused with {status}, which says nothing about the request"
            )),
            _ => None,
        },
    }
}

/// What came back, in a few words.
pub(super) fn got(exchange: &Exchange) -> String {
    match &exchange.outcome {
        Ok(response) => format!("{}, {}", response.status, excerpt(response)),
        Err(failure) => match failure.status {
            Some(status) => format!("{status}, then {}", failure.detail),
            None => failure.detail.clone(),
        },
    }
}

fn excerpt(response: &crate::exchange::Response) -> String {
    const MOST: usize = 160;
    if response.body.is_empty() {
        return "without a body".to_owned();
    }
    let text = String::from_utf8_lossy(&response.body[..response.body.len().min(4 * MOST)]);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
