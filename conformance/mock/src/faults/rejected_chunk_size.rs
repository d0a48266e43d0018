//! Faults that accept chunk sizes beyond the bounds.

use super::Fault;
use crate::effect::Effect::{Overlook, Read};
use crate::generated::contract;
use crate::rules::Reason;
use crate::submission::Submission;

const CHUNK: &[&str] = &["reject.chunk-size"];

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "accepts-any-chunk-size",
        breaks: CHUNK,
        about: "Any integer is accepted as a chunk size.",
        effects: &[Overlook(is_number)],
    },
    Fault {
        name: "accepts-chunk-below-min",
        breaks: CHUNK,
        about: "A chunk size one below the smallest is accepted.",
        effects: &[Overlook(|it, reason| {
            is_number(it, reason) && it.has_chunk_size(contract::submit::chunk_size::MIN - 1)
        })],
    },
    Fault {
        name: "accepts-chunk-above-max",
        breaks: CHUNK,
        about: "A chunk size one above the largest is accepted.",
        effects: &[Overlook(|it, reason| {
            is_number(it, reason) && it.has_chunk_size(contract::submit::chunk_size::MAX + 1)
        })],
    },
    Fault {
        name: "accepts-chunk-zero",
        breaks: CHUNK,
        about: "A chunk size of zero is accepted, as if it were absent.",
        effects: &[Overlook(|it, reason| {
            is_number(it, reason) && it.has_chunk_size(0)
        })],
    },
    Fault {
        name: "accepts-negative-chunk",
        breaks: CHUNK,
        about: "A negative chunk size is accepted.",
        effects: &[Overlook(|it, reason| {
            is_number(it, reason) && size(it) < 0.0
        })],
    },
    Fault {
        name: "accepts-huge-chunk",
        breaks: CHUNK,
        about: "A chunk size is accepted if it is far above the largest.",
        effects: &[Overlook(|it, reason| {
            is_number(it, reason) && size(it) > 2.0 * f64::from(contract::submit::chunk_size::MAX)
        })],
    },
    Fault {
        name: "accepts-chunk-below-min-for-one",
        breaks: CHUNK,
        about: "A chunk size below the smallest is accepted for a single identifier.",
        effects: &[Overlook(|it, reason| {
            is_number(it, reason)
                && size(it) < f64::from(contract::submit::chunk_size::MIN)
                && it.identifiers.len() == 1
        })],
    },
    Fault {
        name: "clamps-chunk-size",
        breaks: CHUNK,
        about: "A chunk size beyond the bounds is moved to the nearest bound in silence.",
        effects: &[Read(|it| {
            if it.has_whole_chunk_size() {
                let bounds = (
                    f64::from(contract::submit::chunk_size::MIN),
                    f64::from(contract::submit::chunk_size::MAX),
                );
                it.chunk_size = (size(it).clamp(bounds.0, bounds.1) as u32).into();
            }
        })],
    },
    Fault {
        name: "ignores-chunk-beyond-bounds",
        breaks: CHUNK,
        about: "A chunk size beyond the bounds is taken for an absent one.",
        effects: &[Read(|it| {
            let size = size(it);
            if size < f64::from(contract::submit::chunk_size::MIN)
                || size > f64::from(contract::submit::chunk_size::MAX)
            {
                it.chunk_size = contract::submit::chunk_size::DEFAULT.into();
            }
        })],
    },
];

/// Whether the submission is refused for a chunk size that is a number.
fn is_number(submission: &Submission, reason: Reason) -> bool {
    reason == Reason::ChunkSize && submission.chunk_size.is_number()
}

fn size(submission: &Submission) -> f64 {
    submission.chunk_size.as_f64().unwrap_or(f64::NAN)
}
