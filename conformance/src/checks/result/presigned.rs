//! `result.presigned`

use http::StatusCode;

use crate::checks::check::{Check, Judge, Level};
use crate::checks::files;
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::evidence::Download;
use crate::exchange::{Exchange, FailureKind};

pub(in crate::checks) static CHECK: Check = Check {
    id: "result.presigned",
    level: Level::Seen,
    text: "The link works without an `Authorization` header.",
    source: "users' reports",
    fix: Fix::in_both(
        "Sign the link itself, so that it opens without an `Authorization` header.",
        "Fetch the file without the key: the store is not the API.",
    ),
    applies: files::is_download,
    needs: Needs::FILES,
    judge: Judge::Download(judge),
};

fn judge(download: &Download<'_>) -> Option<Judgement> {
    let exchange = download.exchange;
    Some(if exchange.accepted() {
        Judgement::Satisfied
    } else if exchange.status() == Some(StatusCode::NOT_FOUND) && files::delivered_nothing(download)
    {
        Judgement::not_applicable("a job without results may link to a file that was never written")
    } else if is_dead(exchange) {
        Judgement::violated("the file", response::got(exchange))
    } else if exchange.throttled() || exchange.status().is_none() {
        Judgement::not_applicable(response::got(exchange))
    } else {
        Judgement::violated("the file", response::got(exchange))
    })
}

/// Whether the link leads to a host that does not exist, or that takes no connection.
fn is_dead(exchange: &Exchange) -> bool {
    let failure = exchange.outcome.as_ref().err();
    failure.is_some_and(|failure| failure.kind == FailureKind::Connect)
}
