//! `account.credits`

use serde_json::{Map, Value};

use crate::checks::accounts::{self, shown};
use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::contract::request::Operation;
use crate::evidence::Seen;

pub(in crate::checks) static CHECK: Check = Check {
    id: "account.credits",
    level: Level::Doc,
    text: "`{\"account\": {\"credits\": number, …}}`; the other known keys, where present, have their types.",
    source: "the provider's documentation: credits",
    fix: Fix::in_both(
        "Write the balance as `account.credits`, a JSON number and no string.",
        "Take keys that are absent for unknown, not for zero.",
    ),
    applies: |request| accounts::asks(request) && request.operation() == Operation::Credits,
    needs: Needs::NOTHING,
    judge: Judge::Course(|| Box::new(accounts::Each(judge))),
};

type HasType = fn(&Value) -> bool;

/// The keys that may be there, each with whether a value is of its type. Null is open for all but the flag.
const OTHERS: [(&str, HasType); 6] = [
    ("recurring_credits", |value| {
        value.is_number() || value.is_null()
    }),
    ("recurring_credits_frequency", |value| {
        value.is_string() || value.is_null()
    }),
    ("recurring_credits_refresh_date", |value| {
        value.is_string() || value.is_null()
    }),
    ("credit_rollover", Value::is_boolean),
    ("wallets", |value| value.is_array() || value.is_null()),
    ("credit_topups", |value| value.is_array() || value.is_null()),
];

fn judge(seen: &Seen<'_>) -> Option<Judgement> {
    if !(CHECK.applies)(&seen.exchange.request) {
        return None;
    }
    Some(accounts::judge_object(seen, |body| {
        match body.get("account").and_then(Value::as_object) {
            Some(account) => judge_account(account),
            None => Judgement::violated(
                "`account`: an object",
                shown("account", body.get("account")),
            ),
        }
    }))
}

fn judge_account(account: &Map<String, Value>) -> Judgement {
    if !account.get("credits").is_some_and(Value::is_number) {
        let got = shown("credits", account.get("credits"));
        return Judgement::violated("`credits`: a number", got);
    }
    let amiss = OTHERS.iter().find(|(key, is_right)| {
        let value = account.get(*key);
        value.is_some_and(|value| !is_right(value))
    });
    match amiss {
        None => Judgement::Satisfied,
        Some((key, _)) => Judgement::violated(
            format!("`{key}` of its type"),
            shown(key, account.get(*key)),
        ),
    }
}
