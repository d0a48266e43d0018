//! `result.parts`

use super::super::{Check, Judge, Judgement, Level, Needs, Observation, files};
use serde_json::Value;

use crate::evidence::{Evidence, Numbered, Record};

pub(in crate::checks) static CHECK: Check = Check {
    id: "result.parts",
    level: Level::Doc,
    text: "The parts together hold the records of the merged file.",
    source: "the provider's documentation: results",
    applies: files::is_download,
    needs: Needs::FILES,
    judge: Judge::Together(judge),
};

fn judge(evidence: &Evidence<'_>) -> Vec<Observation> {
    (evidence.files.iter())
        .filter_map(|files| {
            let (number, _) = files.merged?;
            let parts = files.parts.as_ref()?;
            Some(Observation::of(number, judge_one(evidence, number, parts)))
        })
        .collect()
}

fn judge_one(evidence: &Evidence<'_>, merged: usize, parts: &[Numbered<'_>]) -> Judgement {
    let lines = |number: usize| evidence.records(number).map(sorted);
    let (Some(merged), Some(parts)) = (
        lines(merged),
        parts
            .iter()
            .map(|(part, _)| lines(*part))
            .collect::<Option<Vec<_>>>(),
    ) else {
        return Judgement::not_applicable("not all files could be read");
    };
    let mut together = parts.concat();
    together.sort_unstable();
    if merged == together {
        return Judgement::Satisfied;
    }
    Judgement::violated(
        format!("the {} records of the merged file", merged.len()),
        format!(
            "{} records, not all the same, in {} parts",
            together.len(),
            parts.len()
        ),
    )
}

/// The records in a form and an order that don't depend on how they were written.
fn sorted(records: &[Record]) -> Vec<String> {
    let mut lines: Vec<String> = records
        .iter()
        .cloned()
        .map(|mut record| {
            record.sort_keys();
            Value::Object(record).to_string()
        })
        .collect();
    lines.sort_unstable();
    lines
}
