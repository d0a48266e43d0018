//! `result.gzip-jsonl`

use super::super::{Check, Judge, Judgement, Level, Observation, files};
use super::downloads;
use crate::exchange::Exchange;
use files::Unreadable;

pub(in crate::checks) static CHECK: Check = Check {
    id: "result.gzip-jsonl",
    level: Level::Doc,
    text: "The file is gzip of JSON lines, each a JSON object.",
    source: "the provider's documentation: results",
    applies: downloads,
    judge: Judge::Together(judge),
};

fn judge(exchanges: &[Exchange]) -> Vec<Observation> {
    files::files(exchanges)
        .iter()
        .flat_map(|files| {
            files
                .merged
                .into_iter()
                .chain(files.parts.iter().flatten().copied())
        })
        .map(|index| Observation {
            exchange: Some(index),
            judgement: match files::records(&exchanges[index]) {
                Ok(_) => Judgement::Kept,
                Err(Unreadable::NotFetched(why)) => Judgement::Silent(why),
                Err(unreadable) => {
                    Judgement::broken("gzip of JSON lines, each an object", unreadable.to_string())
                }
            },
        })
        .collect()
}
