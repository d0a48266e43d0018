//! `result.presigned`

use super::super::{Check, Judge, Judgement, Level, Observation, answer, files};
use http::StatusCode;

use super::downloads;
use crate::exchange::Exchange;

pub(in crate::checks) static CHECK: Check = Check {
    id: "result.presigned",
    level: Level::Seen,
    text: "The link works without an `Authorization` header.",
    source: "users' reports",
    applies: downloads,
    judge: Judge::Together(judge),
};

fn judge(exchanges: &[Exchange]) -> Vec<Observation> {
    files::files(exchanges)
        .iter()
        .filter_map(|files| {
            let index = files.merged?;
            let exchange = &exchanges[index];
            let judgement = if exchange.accepted() {
                Judgement::Kept
            } else if exchange.status() == Some(StatusCode::NOT_FOUND)
                && files::delivered_nothing(files)
            {
                Judgement::silent("a job without results may link to a file that was never written")
            } else if exchange.put_off() || exchange.status().is_none() {
                Judgement::silent(answer::got(exchange))
            } else {
                Judgement::broken("the file", answer::got(exchange))
            };
            Some(Observation {
                exchange: Some(index),
                judgement,
            })
        })
        .collect()
}
