//! `submit.no-data`

use serde_json::{Map, Value};

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::generated::contract::submit::fields;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.no-data",
    level: Level::Must,
    text: "The response carries no results and no download link.",
    source: "the submission page: the response",
    fix: Fix::in_server(
        "Leave results and links out of this response: they belong to the status of a completed job.",
    ),
    applies: response::is_valid,
    needs: Needs::JUDGED,
    judge: Judge::Each(|exchange| {
        response::judge_object(exchange, |object| {
            let mut data: Vec<String> = object
                .iter()
                .filter(|(key, value)| carries_data(key) && !response::is_empty(value))
                .map(|(key, _)| format!("`{key}`"))
                .collect();
            if data.is_empty() {
                data.extend(deep(object));
            }
            if data.is_empty() {
                Judgement::Satisfied
            } else {
                Judgement::violated(
                    "no results and no link",
                    format!("a value under {}", data.join(", ")),
                )
            }
        })
    }),
};

fn carries_data(key: &str) -> bool {
    matches!(
        key,
        "download_url" | "download_urls" | "results" | "data" | "records"
    ) || fields::VALUES.contains(&key)
}

/// The key, at any depth, under which there is a link to results or a contact, whatever the keys above it are called.
/// A key such as `email` alone proves nothing: it may be that of the account.
fn deep(object: &Map<String, Value>) -> Option<String> {
    object.iter().find_map(|(key, value)| {
        let is_link = value.as_str().is_some_and(|text| text.starts_with("http"))
            && key.to_ascii_lowercase().contains("download");
        let is_kind = matches!(key.as_str(), "download_url" | "download_urls")
            || key == "original_identifier"
            || (fields::LEAVES.iter()).any(|(leaf, _)| leaf.rsplit('.').next() == Some(key));
        if is_link || is_kind && !response::is_empty(value) {
            return Some(format!("`{key}`"));
        }
        let below = match value {
            Value::Object(_) => std::slice::from_ref(value),
            Value::Array(items) => items,
            _ => &[],
        };
        below.iter().filter_map(Value::as_object).find_map(|below| {
            if below.contains_key("email") && below.contains_key("status") {
                return Some(format!("`{key}`, an e-mail with its status"));
            }
            deep(below)
        })
    })
}
