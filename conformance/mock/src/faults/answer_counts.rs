//! Faults in the two counts of the accepted answer.

use super::{Fault, LARGE, is_now_and_then};
use crate::answer::Answer;
use crate::effect::Effect::Accepted;
use crate::generated::contract;

/// Both counts are wrong, and equal.
const COUNT: &[&str] = &["submit.identifier-count"];
/// The second count differs from the first, which is right.
const REQUESTED: &[&str] = &["submit.entities-requested"];
/// The first count is wrong, and the second differs from it.
const BOTH: &[&str] = &["submit.identifier-count", "submit.entities-requested"];

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "counts-one-more",
        breaks: COUNT,
        about: "Both counts are one too high.",
        effects: &[Accepted(|answer, job| {
            set_counts(answer, job.identifiers() + 1)
        })],
    },
    Fault {
        name: "counts-one-less-at-max",
        breaks: COUNT,
        about: "Both counts are one too low if there are as many identifiers as there may be.",
        effects: &[Accepted(|answer, job| {
            if job.identifiers() == contract::submit::identifiers::MAX {
                set_counts(answer, job.identifiers().saturating_sub(1));
            }
        })],
    },
    Fault {
        name: "counts-one-more-when-large",
        breaks: COUNT,
        about: "Both counts are one too high for a large job.",
        effects: &[Accepted(|answer, job| {
            if job.identifiers() > LARGE {
                set_counts(answer, job.identifiers() + 1);
            }
        })],
    },
    Fault {
        name: "counts-one-for-strings",
        breaks: COUNT,
        about: "Both counts are 1 if the identifiers came as a string.",
        effects: &[Accepted(|answer, job| {
            if job.submission.identifiers.is_text() {
                set_counts(answer, 1);
            }
        })],
    },
    Fault {
        name: "counts-commas-for-strings",
        breaks: COUNT,
        about: "Both counts are the number of commas if the identifiers came as a string.",
        effects: &[Accepted(|answer, job| {
            if job.submission.identifiers.is_text() {
                set_counts(answer, job.identifiers().saturating_sub(1));
            }
        })],
    },
    Fault {
        name: "counts-halved-for-large-strings",
        breaks: COUNT,
        about: "Both counts are halved for a large job whose identifiers came as a string.",
        effects: &[Accepted(|answer, job| {
            if job.submission.identifiers.is_text() && job.identifiers() > LARGE {
                set_counts(answer, job.identifiers() / 2);
            }
        })],
    },
    Fault {
        name: "counts-capped-at-chunk",
        breaks: COUNT,
        about: "Both counts are never above the default chunk size.",
        effects: &[Accepted(|answer, job| {
            set_counts(
                answer,
                job.identifiers()
                    .min(contract::submit::chunk_size::DEFAULT as usize),
            );
        })],
    },
    Fault {
        name: "counts-zero",
        breaks: COUNT,
        about: "Both counts are zero.",
        effects: &[Accepted(|answer, _| set_counts(answer, 0))],
    },
    Fault {
        name: "counts-fields",
        breaks: COUNT,
        about: "Both counts are the number of fields.",
        effects: &[Accepted(|answer, job| {
            set_counts(answer, job.submission.fields.len())
        })],
    },
    Fault {
        name: "counts-one-more-now-and-then",
        breaks: COUNT,
        about: "Both counts are one too high in every seventh answer.",
        effects: &[Accepted(|answer, job| {
            if is_now_and_then(job.number) {
                set_counts(answer, job.identifiers() + 1);
            }
        })],
    },
    Fault {
        name: "identifier-count-one-less",
        breaks: BOTH,
        about: "identifier_count alone is one too low.",
        effects: &[Accepted(|answer, job| {
            answer
                .keys()
                .set("identifier_count", job.identifiers().saturating_sub(1))
        })],
    },
    Fault {
        name: "identifier-count-one-more-with-webhook",
        breaks: BOTH,
        about: "identifier_count alone is one too high if there is a webhook_url.",
        effects: &[Accepted(|answer, job| {
            if job.submission.has_webhook() {
                answer.keys().set("identifier_count", job.identifiers() + 1);
            }
        })],
    },
    Fault {
        name: "entities-requested-zero",
        breaks: REQUESTED,
        about: "entities_requested is zero.",
        effects: &[Accepted(|answer, _| {
            answer.keys().set("entities_requested", 0)
        })],
    },
    Fault {
        name: "entities-requested-per-field",
        breaks: REQUESTED,
        about: "entities_requested counts each identifier once for each field.",
        effects: &[Accepted(|answer, job| {
            answer.keys().set(
                "entities_requested",
                job.identifiers() * job.submission.fields.len(),
            );
        })],
    },
    Fault {
        name: "entities-requested-differs-when-large",
        breaks: REQUESTED,
        about: "entities_requested is one too low for a large job.",
        effects: &[Accepted(|answer, job| {
            if job.identifiers() > LARGE {
                answer
                    .keys()
                    .set("entities_requested", job.identifiers().saturating_sub(1));
            }
        })],
    },
    Fault {
        name: "entities-requested-by-chunk",
        breaks: REQUESTED,
        about: "entities_requested is the number of chunks.",
        effects: &[Accepted(|answer, job| {
            let chunk = job
                .submission
                .chunk_size
                .as_u64()
                .unwrap_or(contract::submit::chunk_size::DEFAULT.into());
            answer.keys().set(
                "entities_requested",
                (job.identifiers() as u64).div_ceil(chunk.max(1)),
            );
        })],
    },
    Fault {
        name: "entities-requested-differs-for-strings",
        breaks: REQUESTED,
        about: "entities_requested is one too high if the fields came as a string.",
        effects: &[Accepted(|answer, job| {
            if job.submission.fields.is_text() {
                answer
                    .keys()
                    .set("entities_requested", job.identifiers() + 1);
            }
        })],
    },
];

fn set_counts(answer: &mut Answer, count: usize) {
    answer.keys().set("identifier_count", count);
    answer.keys().set("entities_requested", count);
}
