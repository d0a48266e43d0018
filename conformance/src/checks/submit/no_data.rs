//! `submit.no-data`

use super::super::{Check, Judge, Judgement, Level, Needs, response};
use crate::generated::contract::submit::fields;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.no-data",
    level: Level::Must,
    text: "The response carries no results and no download link.",
    source: "the submission page: the response",
    applies: response::is_valid,
    needs: Needs::JUDGED,
    judge: Judge::Each(|exchange| {
        response::judge_object(exchange, |object| {
            let data: Vec<String> = object
                .iter()
                .filter(|(key, value)| carries_data(key) && !response::is_empty(value))
                .map(|(key, _)| format!("`{key}`"))
                .collect();
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
