//! Variants in the results of a job: its files, their links, and the records in them.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::edits::{edit_list, is_completed, is_found, remove, set, when};
use crate::file::{Download, StoredFile};
use crate::generated::contract::submit::fields;
use crate::hooks::{Fault, variant};
use crate::records::put;
use crate::render::gzip;

pub(super) fn variants() -> Vec<Fault> {
    [links(), records(), files()]
        .into_iter()
        .flatten()
        .collect()
}

fn links() -> Vec<Fault> {
    vec![
        variant("no-results")
            .about("Jobs complete without results, and link to a file that was never written.")
            .polled(when(is_completed, set("entities_fulfilled", 0)))
            .polled(when(is_completed, set("result_count", 0)))
            .file(|file, _| *file = StoredFile::refusal(StatusCode::NOT_FOUND, "NoSuchKey")),
        variant("no-part-links")
            .about("A completed job has a link to the merged file only.")
            .polled(remove(&["download_urls"])),
        variant("store-on-localhost")
            .about("The store goes by another name than the API.")
            .link(|link, _| {
                // Every link has a host, and so may have another one.
                let _ = link.set_host(Some("localhost"));
            }),
        variant("links-of-each-look")
            .about("The links are other ones at each poll, and all of them work.")
            .polled(|response, poll| {
                if let Some(Value::String(link)) = response.get("download_url") {
                    let link = format!("{link}&look={}", poll.final_number);
                    response.set("download_url", link);
                }
            }),
        variant("parts-in-other-order")
            .about("The links to the parts start with the last.")
            .polled(edit_list("download_urls", |links| links.reverse())),
    ]
}

fn records() -> Vec<Fault> {
    vec![
        variant("records-in-other-order")
            .about("The records are in another order than the identifiers.")
            .records(|records, _| records.reverse()),
        variant("records-in-other-order-in-parts")
            .about("The records of a part, and their keys, are in another order than in the whole.")
            .lines(when(Download::is_part, |records: &mut Vec<Value>, _| {
                records.reverse();
                records.iter_mut().for_each(reverse_keys);
            })),
        variant("record-extra-keys")
            .about("A record has keys that nobody knows, at every level.")
            .records(|records, _| {
                for record in records {
                    record["matched_by"] = json!("url");
                    record["data"]["updated_at"] = Value::Null;
                }
            }),
        variant("data-null-when-not-found")
            .about("The data of a profile that was not found is null.")
            .records(|records, _| {
                for record in records.iter_mut().filter(|record| !is_found(record)) {
                    record["data"] = Value::Null;
                }
            }),
        variant("kinds-null-when-not-found")
            .about("A kind of contact that was not found is null.")
            .records(|records, _| {
                for record in records {
                    for (leaf, _) in fields::LEAVES {
                        let pointer = format!("/data/{}", leaf.replace('.', "/"));
                        if record.pointer(&pointer) == Some(&json!([])) {
                            put(&mut record["data"], leaf, Value::Null);
                        }
                    }
                }
            }),
        variant("data-empty-when-not-found")
            .about("The data of a profile that was not found is an empty object.")
            .records(|records, _| {
                for record in records.iter_mut().filter(|record| !is_found(record)) {
                    record["data"] = json!({});
                }
            }),
        variant("statuses-of-emails-vary")
            .about("An e-mail has no status, or one that nobody knows.")
            .records(|records, _| {
                for record in records {
                    if let Some(email) = record.pointer_mut("/data/business_email/0") {
                        email["status"] = json!("risky");
                    }
                    let personal = "/data/personal_contact_info/personal_emails/0/status";
                    if let Some(status) = record.pointer_mut(personal) {
                        *status = Value::Null;
                    }
                }
            }),
    ]
}

fn files() -> Vec<Fault> {
    vec![
        variant("gzip-of-several-members")
            .about("A file is gzip of two members, the first of which ends within a line.")
            .file(|file, _| {
                file.pack = |text| {
                    let (head, tail) = text.split_at(text.len() / 2);
                    [gzip(head), gzip(tail)].concat()
                };
            }),
        variant("lines-end-with-crlf")
            .about("Lines end with a carriage return and a line feed.")
            .file(|file, _| {
                let lines = file.text.split_inclusive(|byte| *byte == b'\n');
                file.text = lines
                    .flat_map(|line| [line.strip_suffix(b"\n").unwrap_or(line), b"\r\n"])
                    .collect::<Vec<_>>()
                    .concat();
            }),
        variant("last-line-without-end")
            .about("The last line of a file has no line feed.")
            .file(|file, _| file.text.truncate(file.text.trim_ascii_end().len())),
        variant("file-of-other-type")
            .about("The content type of a file is the one for anything.")
            .file(|file, _| file.content_type = "application/octet-stream"),
    ]
}

fn reverse_keys(record: &mut Value) {
    if let Value::Object(map) = record {
        *map = std::mem::take(map).into_iter().rev().collect::<Map<_, _>>();
    }
}
