//! Variants in the results of a job: its files, their links, and the records in them.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::NOTHING;
use crate::answer::gzip;
use crate::effect::Effect::{Lines, Link, Look, Records, Stored, Text};
use crate::faults::Fault;
use crate::generated::contract::submit::fields;
use crate::jobs::Phase;
use crate::records::put;
use crate::routes::store::Stored as File;

pub(super) static VARIANTS: &[Fault] = &[
    Fault {
        name: "no-results",
        breaks: NOTHING,
        about: "Jobs complete without results, and link to a file that was never written.",
        effects: &[
            Look(|answer, look| {
                if look.phase == Phase::Completed {
                    answer.keys().set("entities_fulfilled", 0);
                    answer.keys().set("result_count", 0);
                }
            }),
            Stored(|answer, _, _| *answer = File::refusal(StatusCode::NOT_FOUND, "NoSuchKey")),
        ],
    },
    Fault {
        name: "no-part-links",
        breaks: NOTHING,
        about: "A completed job has a link to the merged file only.",
        effects: &[Look(|answer, _| answer.keys().remove("download_urls"))],
    },
    Fault {
        name: "store-on-localhost",
        breaks: NOTHING,
        about: "The store goes by another name than the API.",
        effects: &[Link(|link| {
            // Every link has a host, and so may have another one.
            let _ = link.set_host(Some("localhost"));
        })],
    },
    Fault {
        name: "links-of-each-look",
        breaks: NOTHING,
        about: "The links are other ones at each look, and all of them work.",
        effects: &[Look(|answer, look| {
            if let Some(Value::String(link)) = answer.keys().get("download_url") {
                let link = format!("{link}&look={}", look.final_number);
                answer.keys().set("download_url", link);
            }
        })],
    },
    Fault {
        name: "parts-in-other-order",
        breaks: NOTHING,
        about: "The links to the parts start with the last.",
        effects: &[Look(|answer, _| {
            if let Some(Value::Array(mut links)) = answer.keys().get("download_urls") {
                links.reverse();
                answer.keys().set("download_urls", links);
            }
        })],
    },
    Fault {
        name: "records-in-other-order",
        breaks: NOTHING,
        about: "The records are in another order than the identifiers.",
        effects: &[Records(|records, _| records.reverse())],
    },
    Fault {
        name: "records-in-other-order-in-parts",
        breaks: NOTHING,
        about: "The records of a part are in another order than in the merged file, and their keys as well.",
        effects: &[Lines(|records, it| {
            if it.is_part() {
                records.reverse();
                records.iter_mut().for_each(reverse_keys);
            }
        })],
    },
    Fault {
        name: "record-extra-keys",
        breaks: NOTHING,
        about: "A record has keys that nobody knows, at every level.",
        effects: &[Records(|records, _| {
            for record in records {
                record["matched_by"] = json!("url");
                record["data"]["updated_at"] = Value::Null;
            }
        })],
    },
    Fault {
        name: "kinds-null-when-not-found",
        breaks: NOTHING,
        about: "A kind of contact that was not found is null.",
        effects: &[Records(|records, _| {
            for record in records {
                for (leaf, _) in fields::LEAVES {
                    let pointer = format!("/data/{}", leaf.replace('.', "/"));
                    if record.pointer(&pointer) == Some(&json!([])) {
                        put(&mut record["data"], leaf, Value::Null);
                    }
                }
            }
        })],
    },
    Fault {
        name: "data-empty-when-not-found",
        breaks: NOTHING,
        about: "The data of a profile that was not found is an empty object.",
        effects: &[Records(|records, _| {
            for record in records {
                if record["internal_id"].is_null() {
                    record["data"] = json!({});
                }
            }
        })],
    },
    Fault {
        name: "gzip-of-several-members",
        breaks: NOTHING,
        about: "A file is gzip of two members, the first of which ends within a line.",
        effects: &[Stored(|answer, text, _| {
            let (head, tail) = text.split_at(text.len() / 2);
            answer.body = [gzip(head), gzip(tail)].concat();
        })],
    },
    Fault {
        name: "lines-end-with-crlf",
        breaks: NOTHING,
        about: "Lines end with a carriage return and a line feed.",
        effects: &[Text(|text, _| {
            let lines = text.split_inclusive(|byte| *byte == b'\n');
            *text = lines
                .flat_map(|line| [line.strip_suffix(b"\n").unwrap_or(line), b"\r\n"])
                .collect::<Vec<_>>()
                .concat();
        })],
    },
    Fault {
        name: "last-line-without-end",
        breaks: NOTHING,
        about: "The last line of a file has no line feed.",
        effects: &[Text(|text, _| text.truncate(text.trim_ascii_end().len()))],
    },
    Fault {
        name: "file-of-other-type",
        breaks: NOTHING,
        about: "The content type of a file is the one for anything.",
        effects: &[Stored(|answer, _, _| {
            answer.content_type = "application/octet-stream"
        })],
    },
    Fault {
        name: "statuses-of-emails-vary",
        breaks: NOTHING,
        about: "An e-mail has no status, or one that nobody knows.",
        effects: &[Records(|records, _| {
            for record in records {
                if let Some(email) = record.pointer_mut("/data/business_email/0") {
                    email["status"] = json!("risky");
                }
                let personal = "/data/personal_contact_info/personal_emails/0/status";
                if let Some(status) = record.pointer_mut(personal) {
                    *status = Value::Null;
                }
            }
        })],
    },
];

fn reverse_keys(record: &mut Value) {
    if let Value::Object(map) = record {
        *map = std::mem::take(map).into_iter().rev().collect::<Map<_, _>>();
    }
}
