//! Faults in a results file as a file: how it is served, compressed and divided into lines.

use axum::http::StatusCode;

use super::Fault;
use crate::answer::gzip;
use crate::effect::Effect::{Link, Stored, Text};
use crate::routes::store::Stored as File;

const PRESIGNED: &[&str] = &["result.presigned"];
const GZIP: &[&str] = &["result.gzip-jsonl"];

/// Blanks that compress well, in one member of a gzip file.
const BLANKS: usize = 1 << 20;
/// So many members are more than anyone should unpack.
const BOMB: usize = 128;

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "store-wants-key",
        breaks: PRESIGNED,
        about: "The store refuses a download without a key, as it does one with a key.",
        effects: &[Stored(|answer, _, _| {
            *answer = File::refusal(StatusCode::UNAUTHORIZED, "AccessDenied")
        })],
    },
    Fault {
        name: "merged-file-forbidden",
        breaks: PRESIGNED,
        about: "The merged file is refused with 403, and the parts are not.",
        effects: &[Stored(|answer, _, it| {
            if !it.is_part() {
                *answer = File::refusal(StatusCode::FORBIDDEN, "SignatureDoesNotMatch");
            }
        })],
    },
    Fault {
        name: "merged-file-never-written",
        breaks: PRESIGNED,
        about: "The merged file of a job with results is not found.",
        effects: &[Stored(|answer, _, it| {
            if !it.is_part() {
                *answer = File::refusal(StatusCode::NOT_FOUND, "NoSuchKey");
            }
        })],
    },
    Fault {
        name: "link-of-unknown-job",
        breaks: PRESIGNED,
        about: "Every link leads to a file of no job.",
        effects: &[Link(|link| {
            let path = link.path().replace("/store/", "/store/old/");
            link.set_path(&path);
        })],
    },
    Fault {
        name: "file-not-compressed",
        breaks: GZIP,
        about: "Files are JSON lines, not compressed.",
        effects: &[Stored(|answer, text, _| answer.body = text.to_vec())],
    },
    Fault {
        name: "part-not-compressed",
        breaks: GZIP,
        about: "The parts are not compressed, and the merged file is.",
        effects: &[Stored(|answer, text, it| {
            if it.is_part() {
                answer.body = text.to_vec();
            }
        })],
    },
    Fault {
        name: "file-cut-off",
        breaks: GZIP,
        about: "The second half of every file is missing.",
        effects: &[Stored(|answer, _, _| {
            answer.body.truncate(answer.body.len() / 2)
        })],
    },
    Fault {
        name: "file-without-trailer",
        breaks: GZIP,
        about: "The checksum and the length at the end of the gzip are missing.",
        effects: &[Stored(|answer, _, _| {
            answer.body.truncate(answer.body.len().saturating_sub(8))
        })],
    },
    Fault {
        name: "file-with-garbage-after-it",
        breaks: GZIP,
        about: "Something follows the gzip that is not gzip.",
        effects: &[Stored(|answer, _, _| {
            answer.body.extend_from_slice(b"-- end of file --")
        })],
    },
    Fault {
        name: "file-bomb",
        breaks: GZIP,
        about: "The merged file of a job with a webhook unpacks to far more than its records.",
        effects: &[Stored(|answer, text, it| {
            if !it.is_part() && it.job.submission.has_webhook() {
                answer.body = [gzip(text), gzip(&vec![b' '; BLANKS]).repeat(BOMB)].concat();
            }
        })],
    },
    Fault {
        name: "file-is-one-list",
        breaks: GZIP,
        about: "A file is one JSON list of the records, on one line.",
        effects: &[Text(|text, _| {
            let lines = String::from_utf8_lossy(text).trim_end().replace('\n', ",");
            *text = format!("[{lines}]\n").into_bytes();
        })],
    },
    Fault {
        name: "file-without-line-ends",
        breaks: GZIP,
        about: "All records are on one line.",
        effects: &[Text(|text, _| text.retain(|byte| *byte != b'\n'))],
    },
    Fault {
        name: "file-with-blank-line",
        breaks: GZIP,
        about: "A blank line follows the first record.",
        effects: &[Text(|text, _| {
            if let Some(end) = text.iter().position(|byte| *byte == b'\n') {
                text.insert(end, b'\n');
            }
        })],
    },
    Fault {
        name: "last-line-cut-off",
        breaks: GZIP,
        about: "The last record of a file ends in the middle, in sound gzip.",
        effects: &[Text(|text, _| text.truncate(text.len().saturating_sub(20)))],
    },
    Fault {
        name: "last-line-not-unicode",
        breaks: GZIP,
        about: "A string in the last record of the merged file is not UTF-8.",
        effects: &[Text(|text, it| {
            let last = text.iter().rposition(|byte| *byte == b':');
            if let Some(place) = last.filter(|_| !it.is_part()) {
                text.splice(place + 1..place + 1, *b"\"\xff\",\"more\":");
            }
        })],
    },
];
