//! `result.gzip-jsonl`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::files;
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::evidence::{Download, Unreadable};

pub(in crate::checks) static CHECK: Check = Check {
    id: "result.gzip-jsonl",
    level: Level::Doc,
    text: "The file is gzip of JSON lines, each a JSON object.",
    source: "the provider's documentation: results",
    fix: Fix::in_both(
        "Write one JSON object a line, pack the whole, and close the stream before the job is `completed`.",
        "Unpack every member of the file, read it line by line, and say so when it ends in the middle.",
    ),
    applies: files::is_download,
    needs: Needs::FILES,
    judge: Judge::Download(judge),
};

fn judge(download: &Download<'_>) -> Option<Judgement> {
    Some(match download.records {
        Ok(_) => Judgement::Satisfied,
        Err(Unreadable::NotFetched) => {
            Judgement::not_applicable(format!("no file: {}", response::got(download.exchange)))
        }
        Err(unreadable) => {
            Judgement::violated("gzip of JSON lines, each an object", unreadable.to_string())
        }
    })
}
