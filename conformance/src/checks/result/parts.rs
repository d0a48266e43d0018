//! `result.parts`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::course::Course;
use crate::checks::files;
use crate::checks::fix::Fix;
use crate::checks::judgement::{Judgement, Other, Tally};
use crate::checks::needs::Needs;
use crate::evidence::{Download, Parts, Seen};

pub(in crate::checks) static CHECK: Check = Check {
    id: "result.parts",
    level: Level::Doc,
    text: "The parts together hold the records of the merged file.",
    source: "the provider's documentation: results",
    fix: Fix::in_both(
        "Make the parts and the merged file from the same records, each in one part only, and link every part.",
        "Read the merged file or all parts, never both.",
    ),
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
                let other = of_job.map(|(_, file)| file);
                tally.add_of_both(download.number, download.exchange, judgement, other);
            }
            if download.merged {
                let file = Other {
                    number: download.number,
                    exchange: download.exchange.clone(),
                };
                self.file = Some((download.job, file));
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
