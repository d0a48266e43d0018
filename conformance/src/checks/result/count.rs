//! `result.count`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::files;
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::evidence::Download;

pub(in crate::checks) static CHECK: Check = Check {
    id: "result.count",
    level: Level::Doc,
    text: "`result_count` is the number of lines in the merged file.",
    source: "the provider's documentation: results",
    fix: Fix::in_both(
        "Count the lines as you write them into the merged file, and take `result_count` from there.",
        "Hold the number of lines against `result_count`: fewer mean that something is missing.",
    ),
    applies: files::is_download,
    needs: Needs::FILES,
    judge: Judge::Download(judge),
};

fn judge(download: &Download<'_>) -> Option<Judgement> {
    files::judge_records(download, |records| match download.result_count {
        None => Judgement::not_applicable("the job gave no `result_count`"),
        Some(count) if count == records.len() as i128 => Judgement::Satisfied,
        Some(count) => Judgement::violated(
            format!("{count} lines, as `result_count` says"),
            format!("{} lines", records.len()),
        ),
    })
}
