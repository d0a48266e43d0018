//! `submit.required-keys`

use serde_json::Value;

use super::super::{Check, Judge, Judgement, Level, answer};
use crate::generated::contract::ACCEPTED_KEYS;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.required-keys",
    level: Level::Must,
    text: "All required keys are there, with their types. Unknown extra keys are fine.",
    source: "the submission page: the response",
    applies: answer::is_valid,
    judge: Judge::Each(|exchange| {
        answer::judge_object(exchange, |object| {
            let amiss: Vec<String> = ACCEPTED_KEYS
                .iter()
                .filter_map(|(key, kind)| amiss(key, kind, object.get(*key)))
                .collect();
            if amiss.is_empty() {
                Judgement::Kept
            } else {
                Judgement::broken(expected(), amiss.join(", "))
            }
        })
    }),
};

fn amiss(key: &str, kind: &str, value: Option<&Value>) -> Option<String> {
    let right = match value {
        None => return Some(format!("no `{key}`")),
        Some(value) => match kind {
            "string" => value.is_string(),
            "integer" => answer::integer(value).is_some_and(|n| n >= 0),
            _ => true,
        },
    };
    (!right).then(|| format!("`{key}`: {}", value.unwrap_or(&Value::Null)))
}

fn expected() -> String {
    let keys: Vec<String> = ACCEPTED_KEYS
        .iter()
        .map(|(key, kind)| format!("`{key}` ({kind})"))
        .collect();
    keys.join(", ")
}
