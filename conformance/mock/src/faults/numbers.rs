//! Faults at the bounds of numbers: just beyond them, far beyond them, and where fewer bits are kept.

use axum::http::StatusCode;

use super::refusal_case::{CHUNK, Case, TOO_MANY, case, named};
use crate::edits::{Submitted, has_text};
use crate::generated::contract::submit::{chunk_size, identifiers};
use crate::hooks::Fault;
use crate::submission::Submission;

const FAILURE: StatusCode = StatusCode::INTERNAL_SERVER_ERROR;
const MIN: i64 = chunk_size::MIN as i64;
const MAX: i64 = chunk_size::MAX as i64;

/// Whether a chunk size is of a kind.
type IsSize = fn(i64) -> bool;
/// Whether a number of identifiers is of a kind.
type IsCount = fn(usize) -> bool;
/// Whether a submission is of a kind.
type Has = fn(&Submission) -> bool;

/// Chunk sizes: a name, the subject of a sentence, and which of those that are out of range.
const CHUNK_SIZES: &[(&str, &str, IsSize)] = &[
    ("one", "A chunk size of one", |size| size == 1),
    ("two", "A chunk size of two", |size| size == 2),
    (
        "positive",
        "A chunk size between zero and the smallest",
        |size| size > 0 && size < MIN,
    ),
    ("half-of-min", "Half of the smallest chunk size", |size| {
        size == MIN / 2
    }),
    ("minus-one", "A chunk size of minus one", |size| size == -1),
    (
        "negated",
        "A chunk size in range but for its sign",
        |size| size < 0 && size.checked_neg().is_some_and(in_range),
    ),
    ("far-below-zero", "A chunk size far below zero", |size| {
        size < -MAX
    }),
    ("zero-or-less", "A chunk size of zero or less", |size| {
        size <= 0
    }),
    ("twice-max", "Twice the largest chunk size", |size| {
        size == 2 * MAX
    }),
    (
        "up-to-twice-max",
        "A chunk size up to twice the largest",
        |size| size > MAX && size <= 2 * MAX,
    ),
    (
        "ten-times-max",
        "Ten times the largest chunk size",
        |size| size == 10 * MAX,
    ),
    ("thousands", "A chunk size of many thousands", |size| {
        size >= 1000 * MAX
    }),
    (
        "beyond-32-bits",
        "A chunk size that takes more than 32 bits",
        |size| size > i64::from(u32::MAX) || size < i64::from(i32::MIN),
    ),
    (
        "of-16-bits",
        "A chunk size of which the last 16 bits are in range",
        |size| in_range(size & 0xffff),
    ),
    (
        "of-32-bits",
        "A chunk size of which the last 32 bits are in range",
        |size| in_range(size & 0xffff_ffff),
    ),
    (
        "largest-of-32-bits",
        "The largest number of 32 bits as a chunk size",
        |size| size == i64::from(i32::MAX),
    ),
    (
        "largest-of-64-bits",
        "The largest number of 64 bits as a chunk size",
        |size| size == i64::MAX,
    ),
    (
        "smallest-of-64-bits",
        "The smallest number of 64 bits as a chunk size",
        |size| size == i64::MIN,
    ),
];

/// Numbers of identifiers: a name, the subject of a sentence, and which of those that are too many.
const COUNTS: &[(&str, &str, IsCount)] = &[
    (
        "two-too-many",
        "A submission of two identifiers too many",
        |count| count == identifiers::MAX + 2,
    ),
    (
        "a-few-too-many",
        "A submission of a few identifiers too many",
        |count| count > identifiers::MAX && count <= identifiers::MAX + 10,
    ),
    (
        "up-to-twice-max",
        "A submission of up to twice as many identifiers",
        |count| count > identifiers::MAX && count <= 2 * identifiers::MAX,
    ),
    (
        "twice-max",
        "A submission of twice as many identifiers",
        |count| count == 2 * identifiers::MAX,
    ),
    (
        "three-times-max",
        "A submission of three times as many identifiers",
        |count| count == 3 * identifiers::MAX,
    ),
    (
        "beyond-twice-max",
        "A submission of more than twice as many identifiers",
        |count| count > 2 * identifiers::MAX,
    ),
];

pub(super) fn faults() -> Vec<Fault> {
    chunk_sizes()
        .chain(counts())
        .flat_map(|case| case.faults)
        .collect()
}

fn chunk_sizes() -> impl Iterator<Item = Case> {
    CHUNK_SIZES.iter().map(|&(name, which, is)| {
        case(CHUNK, which)
            .only(move |it| it.chunk_size.as_i64().is_some_and(is))
            .accepted(named(format!("accepts-chunk-{name}")))
            .gets(named(format!("fails-on-chunk-{name}")), FAILURE)
    })
}

fn counts() -> impl Iterator<Item = Case> {
    COUNTS.iter().flat_map(|&(name, which, is)| {
        let forms: [(&str, Has); 2] = [("string", |it| has_text(it)), ("list", |it| !has_text(it))];
        forms.map(|(form, has)| {
            case(TOO_MANY, format!("{which}, in a {form},"))
                .only(move |it| is(it.count()) && has(it))
                .accepted(named(format!("accepts-{name}-in-a-{form}")))
        })
    })
}

fn in_range(size: i64) -> bool {
    (MIN..=MAX).contains(&size)
}
