//! `submit.batch-id`

use std::collections::HashMap;

use serde_json::Value;

use super::super::{Check, Judge, Judgement, Level, Observation, answer};
use crate::exchange::Exchange;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.batch-id",
    level: Level::Must,
    text: "`batch_id` is a UUID, and no two jobs share one.",
    source: "the submission page: `batch_id`",
    applies: answer::is_valid,
    judge: Judge::Together(judge),
};

fn judge(exchanges: &[Exchange]) -> Vec<Observation> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    exchanges
        .iter()
        .enumerate()
        .filter(|(_, exchange)| answer::is_valid(&exchange.request))
        .map(|(index, exchange)| Observation {
            exchange: Some(index),
            judgement: answer::judge_str(exchange, "batch_id", |id| {
                if !answer::is_uuid(id) {
                    return Judgement::broken("a UUID", format!("`batch_id`: {}", Value::from(id)));
                }
                match seen.insert(id.to_ascii_lowercase(), index) {
                    None => Judgement::Kept,
                    Some(earlier) => Judgement::broken(
                        "a `batch_id` of its own",
                        format!("{id}, which exchange {earlier} was given before"),
                    ),
                }
            }),
        })
        .collect()
}
