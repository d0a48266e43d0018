//! `result.presigned`

use super::super::{Check, Judge, Judgement, Level, Needs, Observation, files, response};
use http::StatusCode;

use crate::evidence::Evidence;
use crate::exchange::{Exchange, FailureKind};

pub(in crate::checks) static CHECK: Check = Check {
    id: "result.presigned",
    level: Level::Seen,
    text: "The link works without an `Authorization` header.",
    source: "users' reports",
    applies: files::is_download,
    needs: Needs::FILES,
    judge: Judge::Together(judge),
};

fn judge(evidence: &Evidence<'_>) -> Vec<Observation> {
    (evidence.files.iter())
        .filter_map(|files| {
            let (number, exchange) = files.merged?;
            let judgement = if exchange.accepted() {
                Judgement::Satisfied
            } else if exchange.status() == Some(StatusCode::NOT_FOUND)
                && files::delivered_nothing(files)
            {
                Judgement::not_applicable(
                    "a job without results may link to a file that was never written",
                )
            } else if is_dead(exchange) {
                Judgement::violated("the file", response::got(exchange))
            } else if exchange.throttled() || exchange.status().is_none() {
                Judgement::not_applicable(response::got(exchange))
            } else {
                Judgement::violated("the file", response::got(exchange))
            };
            Some(Observation::of(number, judgement))
        })
        .collect()
}

/// Whether the link leads to a host that does not exist, or that takes no connection.
fn is_dead(exchange: &Exchange) -> bool {
    let failure = exchange.outcome.as_ref().err();
    failure.is_some_and(|failure| failure.kind == FailureKind::Connect)
}
