//! `submit.batch-id`

use std::collections::HashMap;

use serde_json::Value;

use super::super::{Check, Judge, Judgement, Level, Needs, Observation, response};
use crate::evidence::{Evidence, is_uuid};

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.batch-id",
    level: Level::Must,
    text: "`batch_id` is a UUID, and no two jobs share one.",
    source: "the submission page: `batch_id`",
    applies: response::is_valid,
    needs: Needs::JUDGED,
    judge: Judge::Together(judge),
};

fn judge(evidence: &Evidence<'_>) -> Vec<Observation> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    (evidence.exchanges.iter())
        .filter(|(_, exchange)| response::is_valid(&exchange.request))
        .map(|(number, exchange)| {
            let judgement = response::judge_str(exchange, "batch_id", |id| {
                if !is_uuid(id) {
                    return Judgement::violated(
                        "a UUID",
                        format!("`batch_id`: {}", Value::from(id)),
                    );
                }
                match seen.insert(id.to_ascii_lowercase(), *number) {
                    None => Judgement::Satisfied,
                    Some(earlier) => Judgement::violated(
                        "a `batch_id` of its own",
                        format!("{id}, which exchange {earlier} was given before"),
                    ),
                }
            });
            Observation::of(*number, judgement)
        })
        .collect()
}
