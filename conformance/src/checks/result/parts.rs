//! `result.parts`

use super::super::{Check, Judge, Judgement, Level, Observation, files};
use serde_json::Value;

use super::downloads;
use crate::exchange::Exchange;

pub(in crate::checks) static CHECK: Check = Check {
    id: "result.parts",
    level: Level::Doc,
    text: "The parts together hold the records of the merged file.",
    source: "the provider's documentation: results",
    applies: downloads,
    judge: Judge::Together(judge),
};

fn judge(exchanges: &[Exchange]) -> Vec<Observation> {
    files::files(exchanges)
        .iter()
        .filter_map(|files| {
            let (index, parts) = (files.merged?, files.parts.as_ref()?);
            Some(Observation {
                exchange: Some(index),
                judgement: judge_one(exchanges, index, parts),
            })
        })
        .collect()
}

fn judge_one(exchanges: &[Exchange], merged: usize, parts: &[usize]) -> Judgement {
    let lines = |index: usize| files::records(&exchanges[index]).ok().map(sorted);
    let (Some(merged), Some(parts)) = (
        lines(merged),
        parts
            .iter()
            .map(|part| lines(*part))
            .collect::<Option<Vec<_>>>(),
    ) else {
        return Judgement::silent("not all files could be read");
    };
    let mut together = parts.concat();
    together.sort_unstable();
    if merged == together {
        return Judgement::Kept;
    }
    Judgement::broken(
        format!("the {} records of the merged file", merged.len()),
        format!(
            "{} records, not all the same, in {} parts",
            together.len(),
            parts.len()
        ),
    )
}

/// The records in a form and an order that don't depend on how they were written.
fn sorted(records: Vec<serde_json::Map<String, Value>>) -> Vec<String> {
    let mut lines: Vec<String> = records
        .into_iter()
        .map(|mut record| {
            record.sort_keys();
            Value::Object(record).to_string()
        })
        .collect();
    lines.sort_unstable();
    lines
}
