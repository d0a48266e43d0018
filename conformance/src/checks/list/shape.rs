//! `list.shape`

use serde_json::Value;

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::lists;
use crate::checks::needs::Needs;
use crate::contract::request::Operation;
use crate::evidence::is_uuid;
use crate::exchange::Exchange;
use crate::generated::contract::job;

pub(in crate::checks) static CHECK: Check = Check {
    id: "list.shape",
    level: Level::Doc,
    text: "`jobs`, `next_cursor` and `has_more` are there, with their types; `next_cursor` is a UUID or null.",
    source: "the provider's documentation: list of batches",
    fix: Fix::in_server(
        "Write `jobs`, `next_cursor` and `has_more` on every page, the last and the empty one included: a list, a UUID or null, a boolean.",
    ),
    applies: |request| request.operation() == Operation::List,
    needs: Needs::LISTED,
    judge: Judge::Each(judge),
};

fn judge(exchange: &Exchange) -> Judgement {
    lists::judge_page(exchange, |page| {
        let jobs = page.get("jobs").and_then(Value::as_array);
        let amiss = if !jobs.is_some_and(|jobs| jobs.iter().all(is_job)) {
            "jobs"
        } else if !page.get("has_more").is_some_and(Value::is_boolean) {
            "has_more"
        } else {
            match page.get("next_cursor") {
                Some(Value::Null) => return Judgement::Satisfied,
                Some(Value::String(cursor)) if is_uuid(cursor) => return Judgement::Satisfied,
                _ => "next_cursor",
            }
        };
        Judgement::violated(
            "`jobs`: objects with an id, `next_cursor`: a UUID or null, `has_more`: true or false",
            match page.get(amiss) {
                None => format!("no `{amiss}`"),
                Some(Value::Array(_)) => format!("`{amiss}` with something else in it"),
                Some(value) => format!("`{amiss}`: {value}"),
            },
        )
    })
}

fn is_job(value: &Value) -> bool {
    value.get(job::ID_KEY).is_some_and(Value::is_string)
}
