//! `result.gzip-jsonl`

use super::super::{Check, Judge, Judgement, Level, Needs, Observation, files, response};
use crate::evidence::{Evidence, Files, Unreadable};

pub(in crate::checks) static CHECK: Check = Check {
    id: "result.gzip-jsonl",
    level: Level::Doc,
    text: "The file is gzip of JSON lines, each a JSON object.",
    source: "the provider's documentation: results",
    applies: files::is_download,
    needs: Needs::FILES,
    judge: Judge::Together(judge),
};

fn judge(evidence: &Evidence<'_>) -> Vec<Observation> {
    (evidence.files.iter())
        .flat_map(Files::downloads)
        .filter_map(|(number, exchange)| {
            let judgement = match evidence.unpacked.get(&number)? {
                Ok(_) => Judgement::Satisfied,
                Err(Unreadable::NotFetched) => {
                    Judgement::not_applicable(format!("no file: {}", response::got(exchange)))
                }
                Err(unreadable) => Judgement::violated(
                    "gzip of JSON lines, each an object",
                    unreadable.to_string(),
                ),
            };
            Some(Observation::of(number, judgement))
        })
        .collect()
}
