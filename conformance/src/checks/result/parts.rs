//! `result.parts`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::course::Course;
use crate::checks::files;
use crate::checks::judgement::{Judgement, Other, Tally};
use crate::checks::needs::Needs;
use crate::evidence::{Download, Parts, Seen};

pub(in crate::checks) static CHECK: Check = Check {
    id: "result.parts",
    level: Level::Doc,
    text: "The parts together hold the records of the merged file.",
    source: "the provider's documentation: results",
    applies: files::is_download,
    needs: Needs::FILES,
    judge: Judge::Course(|| Box::<Merged>::default()),
};

/// The newest merged file, with the place of its job: parts are mostly fetched after it.
#[derive(Debug, Default)]
struct Merged {
    file: Option<(usize, Other)>,
}

impl Course for Merged {
    fn push(&mut self, seen: &Seen<'_>, tally: &mut Tally) {
        for download in seen.downloads() {
            if let Some(judgement) = judge(&download) {
                let of_job = self.file.as_ref().filter(|(job, _)| *job == download.job);
                tally.add_against(seen, judgement, of_job.map(|(_, file)| file));
            }
            if download.merged {
                self.file = Some((download.job, Other::of(seen)));
            }
        }
    }
}

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
