//! `result.count`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::files;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::evidence::Download;

pub(in crate::checks) static CHECK: Check = Check {
    id: "result.count",
    level: Level::Doc,
    text: "`result_count` is the number of lines in the merged file.",
    source: "the provider's documentation: results",
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
