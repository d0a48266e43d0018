//! Faults that keep a job of a submission that they refused.

use super::Fault;
use crate::effect::Effect::Leave;
use crate::rules::Reason;

const NO_JOB: &[&str] = &["reject.no-job"];

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "keeps-refused-jobs",
        breaks: NO_JOB,
        about: "Every refused submission is listed as a job.",
        effects: &[Leave(|_| true)],
    },
    Fault {
        name: "keeps-jobs-with-too-many-identifiers",
        breaks: NO_JOB,
        about: "A submission of too many identifiers is refused, and listed as a job.",
        effects: &[Leave(|reason| reason == Reason::TooManyIdentifiers)],
    },
    Fault {
        name: "keeps-jobs-with-unsupported-fields",
        breaks: NO_JOB,
        about: "A submission with an unsupported field is refused, and listed as a job.",
        effects: &[Leave(|reason| reason == Reason::UnsupportedField)],
    },
    Fault {
        name: "keeps-jobs-with-bad-chunk-size",
        breaks: NO_JOB,
        about: "A submission with a chunk size beyond the bounds is refused, and listed as a job.",
        effects: &[Leave(|reason| reason == Reason::ChunkSize)],
    },
    Fault {
        name: "keeps-jobs-without-version",
        breaks: NO_JOB,
        about: "A submission without a version is refused, and listed as a job.",
        effects: &[Leave(|reason| reason == Reason::MissingVersion)],
    },
];
