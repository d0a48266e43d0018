//! `result.count`

use super::super::{Check, Judge, Judgement, Level, Needs, Observation, files, response};
use crate::evidence::Evidence;

pub(in crate::checks) static CHECK: Check = Check {
    id: "result.count",
    level: Level::Doc,
    text: "`result_count` is the number of lines in the merged file.",
    source: "the provider's documentation: results",
    applies: files::is_download,
    needs: Needs::FILES,
    judge: Judge::Together(judge),
};

fn judge(evidence: &Evidence<'_>) -> Vec<Observation> {
    files::judge_records(evidence, |files, records| {
        match files.job.get("result_count").and_then(response::integer) {
            None => Judgement::not_applicable("the job gave no `result_count`"),
            Some(count) if count == records.len() as i128 => Judgement::Satisfied,
            Some(count) => Judgement::violated(
                format!("{count} lines, as `result_count` says"),
                format!("{} lines", records.len()),
            ),
        }
    })
}
