//! Faults in a results file as a file: how it is served, compressed and divided into lines.

use axum::http::StatusCode;
use serde_json::Value;

use crate::edits::{Clauses, has_webhook, when};
use crate::file::{Download, File, StoredFile};
use crate::hooks::{Fault, fault};
use crate::render::gzip;

const PRESIGNED: Clauses = &["result.presigned"];
const GZIP: Clauses = &["result.gzip-jsonl"];

/// Blanks that compress well, in one member of a gzip file.
const BLANKS: usize = 1 << 20;
/// So many members are more than anyone should unpack.
const BOMB: usize = 128;

pub(super) fn faults() -> Vec<Fault> {
    [served(), compressed(), divided()]
        .into_iter()
        .flatten()
        .collect()
}

fn served() -> Vec<Fault> {
    vec![
        fault("store-wants-key", PRESIGNED)
            .about("The store refuses a download without a key, as it does one with a key.")
            .file(|file, _| *file = StoredFile::refusal(StatusCode::UNAUTHORIZED, "AccessDenied")),
        fault("merged-file-forbidden", PRESIGNED)
            .about("The merged file is refused with 403, and the parts are not.")
            .file(when(is_merged, |file, _| {
                *file = StoredFile::refusal(StatusCode::FORBIDDEN, "SignatureDoesNotMatch");
            })),
        fault("merged-file-never-written", PRESIGNED)
            .about("The merged file of a job with results is not found.")
            .file(when(is_merged, |file, _| {
                *file = StoredFile::refusal(StatusCode::NOT_FOUND, "NoSuchKey");
            })),
        fault("link-of-unknown-job", PRESIGNED)
            .about("Every link leads to a file of no job.")
            .link(|link, _| link.set_path(&link.path().replace("/store/", "/store/old/"))),
        fault("parts-forbidden", PRESIGNED)
            .about("The parts are refused with 403, and the merged file is not.")
            .file(when(Download::is_part, |file: &mut StoredFile, _| {
                *file = StoredFile::refusal(StatusCode::FORBIDDEN, "SignatureDoesNotMatch");
            })),
        fault("later-parts-never-written", PRESIGNED)
            .about("Of several parts only the first is found.")
            .file(|file, download| {
                if matches!(download.file, File::Part(part) if part > 0) {
                    *file = StoredFile::refusal(StatusCode::NOT_FOUND, "NoSuchKey");
                }
            }),
        fault("link-of-later-looks-dead", PRESIGNED)
            .about("The link that a completed job has from its second poll on is not signed.")
            .polled(|response, poll| {
                if let Some(Value::String(link)) = response.get("download_url")
                    && poll.final_number > 1
                {
                    response.set("download_url", format!("{link}x"));
                }
            }),
    ]
}

fn compressed() -> Vec<Fault> {
    vec![
        fault("file-not-compressed", GZIP)
            .about("Files are JSON lines, not compressed.")
            .file(|file, _| file.pack = <[u8]>::to_vec),
        fault("part-not-compressed", GZIP)
            .about("The parts are not compressed, and the merged file is.")
            .file(when(Download::is_part, |file: &mut StoredFile, _| {
                file.pack = <[u8]>::to_vec
            })),
        fault("file-cut-off", GZIP)
            .about("The second half of every file is missing.")
            .file(|file, _| file.pack = |text| without_end(text, |length| length / 2)),
        fault("file-without-trailer", GZIP)
            .about("The checksum and the length at the end of the gzip are missing.")
            .file(|file, _| {
                file.pack = |text| without_end(text, |length| length.saturating_sub(8))
            }),
        fault("file-with-garbage-after-it", GZIP)
            .about("Something follows the gzip that is not gzip.")
            .file(|file, _| file.pack = |text| [&gzip(text), &b"-- end of file --"[..]].concat()),
        fault("file-bomb", GZIP)
            .about("The merged file of a job with a webhook unpacks to far more than its records.")
            .file(|file, download| {
                if is_merged(download) && has_webhook(download) {
                    file.pack =
                        |text| [gzip(text), gzip(&vec![b' '; BLANKS]).repeat(BOMB)].concat();
                }
            }),
    ]
}

fn divided() -> Vec<Fault> {
    vec![
        fault("file-is-one-list", GZIP)
            .about("A file is one JSON list of the records, on one line.")
            .file(|file, _| {
                let lines = String::from_utf8_lossy(&file.text)
                    .trim_end()
                    .replace('\n', ",");
                file.text = format!("[{lines}]\n").into_bytes();
            }),
        fault("file-without-line-ends", GZIP)
            .about("All records are on one line.")
            .file(|file, _| file.text.retain(|byte| *byte != b'\n')),
        fault("file-with-blank-line", GZIP)
            .about("A blank line follows the first record.")
            .file(|file, _| {
                if let Some(end) = file.text.iter().position(|byte| *byte == b'\n') {
                    file.text.insert(end, b'\n');
                }
            }),
        fault("last-line-cut-off", GZIP)
            .about("The last record of a file ends in the middle, in sound gzip.")
            .file(|file, _| file.text.truncate(file.text.len().saturating_sub(20))),
        fault("last-line-not-unicode", GZIP)
            .about("A string in the last record of the merged file is not UTF-8.")
            .file(|file, download| {
                let last = file.text.iter().rposition(|byte| *byte == b':');
                if let Some(place) = last.filter(|_| is_merged(download)) {
                    file.text
                        .splice(place + 1..place + 1, *b"\"\xff\",\"more\":");
                }
            }),
    ]
}

fn is_merged(download: &Download) -> bool {
    !download.is_part()
}

/// Gzip of the text, of which so much is kept as follows from its length.
fn without_end(text: &[u8], kept: fn(usize) -> usize) -> Vec<u8> {
    let mut packed = gzip(text);
    packed.truncate(kept(packed.len()));
    packed
}
