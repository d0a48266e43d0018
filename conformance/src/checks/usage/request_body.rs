//! `usage.request-body`

use http::header;
use serde_json::Value;

use crate::checks::accounts::{self, shown};
use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::contract::request::{KEY_PLACEHOLDER, Operation};
use crate::evidence::{Seen, canonical, events};

pub(in crate::checks) static CHECK: Check = Check {
    id: "usage.request-body",
    level: Level::Doc,
    text: "The event of a submission gives back in `request` the body that was sent, and in its `headers` no key.",
    source: "the provider's documentation: one usage event",
    fix: Fix::in_both(
        "Store the body as it came, before defaults are filled in, and take the key out of the headers before you store them.",
        "Find a submission whose answer was lost by its body among the events, before you submit again.",
    ),
    applies: accounts::asks_for_events,
    needs: Needs::RECORDED,
    judge: Judge::Course(|| Box::new(accounts::Each(judge))),
};

/// What stands in place of a key.
const REDACTED: &str = "<redacted>";

fn judge(seen: &Seen<'_>) -> Option<Judgement> {
    let Operation::Event(id) = seen.exchange.request.operation() else {
        return None;
    };
    let event = events(seen.exchange).next()?;
    let requested = seen.evidence.requests().find(id)?;
    requested.submission?;
    let headers = event.get("headers");
    if headers.is_some_and(|headers| headers.to_string().contains(KEY_PLACEHOLDER)) {
        return Some(Judgement::violated(
            "headers without the key",
            "the key itself",
        ));
    }
    let sent = requested.body?;
    let request = event.get("request");
    if !request.is_some_and(|request| holds(request, sent)) {
        return Some(Judgement::violated(
            "the body that was sent, somewhere in `request`",
            shown("request", request),
        ));
    }
    let in_place = |name: &str| headers.and_then(|headers| headers.get(name));
    let mut keys = [header::AUTHORIZATION.as_str(), "apikey"].into_iter();
    let other = keys.find(|name| in_place(name).is_some_and(|value| value != REDACTED));
    Some(match other {
        None => Judgement::Satisfied,
        // Another word for it, or a part of the key.
        Some(name) => Judgement::Doubtful {
            expected: format!("`{name}`: {REDACTED:?}"),
            got: shown(name, in_place(name)),
        },
    })
}

/// Whether the body is the value, or somewhere in it; how it is nested is open, and whether it is JSON or its text.
fn holds(value: &Value, body: u64) -> bool {
    match value {
        Value::Object(object) => {
            canonical(value) == body || object.values().any(|value| holds(value, body))
        }
        Value::Array(values) => values.iter().any(|value| holds(value, body)),
        Value::String(text) => {
            let parsed = serde_json::from_str::<Value>(text);
            parsed.is_ok_and(|value| value.is_object() && canonical(&value) == body)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
