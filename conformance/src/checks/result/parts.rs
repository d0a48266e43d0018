//! `result.parts`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::files;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::evidence::{Download, Parts};

pub(in crate::checks) static CHECK: Check = Check {
    id: "result.parts",
    level: Level::Doc,
    text: "The parts together hold the records of the merged file.",
    source: "the provider's documentation: results",
    applies: files::is_download,
    needs: Needs::FILES,
    judge: Judge::Download(judge),
};

fn judge(download: &Download<'_>) -> Option<Judgement> {
    let Parts {
        parts,
        merged,
        together,
        same,
    } = download.parts?;
    Some(if same {
        Judgement::Satisfied
    } else {
        Judgement::violated(
            format!("the {merged} records of the merged file"),
            format!("{together} records, not all the same, in {parts} parts"),
        )
    })
}
