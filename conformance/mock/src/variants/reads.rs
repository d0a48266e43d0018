//! Variants in what is read: how jobs, pages of the list and results are written down, in ways that are all right.

use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use crate::conduct::JobOutcome;
use crate::edits::{Submitted, is_completed, is_found, is_pending, set, when};
use crate::file::StoredFile;
use crate::generated::contract::submit::fields;
use crate::hooks::{Fault, variant};
use crate::jobs::{Job, Phase, Poll};
use crate::records::{covers, put};
use crate::render::gzip;
use crate::response::{Framing, Payload, Response};

pub(super) fn variants() -> Vec<Fault> {
    [jobs(), lists(), records(), files(), deliveries()]
        .into_iter()
        .flatten()
        .collect()
}

fn jobs() -> Vec<Fault> {
    vec![
        variant("dates-in-utc-with-z")
            .about("A job's dates end with Z and have milliseconds.")
            .report(|job, _| rewrite_dates(job, |date| date.to_rfc3339_opts(SecondsFormat::Millis, true))),
        variant("dates-to-the-second")
            .about("A job's dates have no fractions, so that several jobs have the same one.")
            .report(|job, _| rewrite_dates(job, |date| date.to_rfc3339_opts(SecondsFormat::Secs, false))),
        variant("dates-with-nanoseconds")
            .about("A job's dates have nine digits after the point.")
            .report(|job, _| rewrite_dates(job, |date| date.to_rfc3339_opts(SecondsFormat::Nanos, true))),
        variant("dates-absent")
            .about("A job has no dates.")
            .report(|job, _| {
                job.remove("created_at");
                job.remove("completed_at");
            }),
        variant("job-keys-reversed")
            .about("The keys of a job are in another order, wherever it is shown.")
            .report(|job, _| *job = std::mem::take(job).into_iter().rev().collect()),
        variant("job-seen-once-before-its-end")
            .about("A job is shown as pending on its first poll, and is over on the next.")
            .conduct(|conduct, _| {
                conduct.timing.pending += conduct.timing.processing;
                conduct.timing.processing = Duration::ZERO;
            }),
        variant("status-lags-behind-the-list")
            .about("The first poll of a job that is worked on still shows it as pending, and the list does not.")
            .phase(|phase, poll| {
                if *phase == Phase::Processing && poll.number <= 1 {
                    *phase = Phase::Pending;
                }
            }),
        variant("progress-in-numbers")
            .about("A job that is not over tells how many identifiers are done.")
            .polled(|response, poll| {
                if !is_completed(poll) {
                    let done = if is_pending(poll) { 0 } else { poll.count() / 2 };
                    response.set("entities_fulfilled", 0);
                    response.set("entities_processed", done);
                }
            }),
        variant("some-jobs-fail")
            .about("Every third job ends as failed, with a message.")
            .job(|job, _| {
                if job.number.is_multiple_of(3) {
                    job.outcome = JobOutcome::Failed;
                }
            }),
        variant("links-empty-until-completed")
            .about("Until a job is completed, its link is an empty string, and the list of links is empty.")
            .polled(|response, poll| {
                if !is_completed(poll) {
                    response.set("download_url", "");
                    response.set("download_urls", json!([]));
                }
            }),
        variant("one-part-is-the-merged-file")
            .about("The only part of a small job is the merged file itself, by the same link.")
            .polled(when(
                |poll: &Poll| is_completed(poll) && poll.count() <= poll.job.chunk_size,
                |response: &mut Response, _| {
                    if let Some(link) = response.get("download_url") {
                        response.set("download_urls", json!([link]));
                    }
                },
            )),
        variant("parts-null-when-one")
            .about("A job with one part has null for the links to parts.")
            .polled(when(
                |poll: &Poll| is_completed(poll) && poll.count() <= poll.job.chunk_size,
                set("download_urls", Value::Null),
            )),
        variant("id-in-capitals-when-polled")
            .about("A poll writes the id of its job in capitals.")
            .polled(|response, poll| response.set("batch_id", poll.job.id.to_string().to_uppercase())),
    ]
}

fn lists() -> Vec<Fault> {
    vec![
        variant("list-extra-keys")
            .about("A page of the list counts its jobs, and repeats what was asked.")
            .page(|response, query| {
                if response.get("jobs").is_some() {
                    response.set("count", query.limit.min(7));
                    response.set("filters", json!({"status": query.status.clone()}));
                }
            }),
        variant("list-keys-reordered")
            .about("A page of the list ends with its jobs.")
            .page(|response, _| {
                if let Some(jobs) = response.get("jobs") {
                    response.wrap(|page| {
                        let mut page = page.as_object().cloned().unwrap_or_default();
                        page.retain(|key, _| key != "jobs");
                        page.insert("jobs".to_owned(), jobs);
                        Value::Object(page)
                    });
                }
            }),
        variant("list-links-null")
            .about("The jobs of a list have null for their links.")
            .page(|response, _| {
                each_job(response, |job| {
                    job.insert("download_url".to_owned(), Value::Null);
                    job.insert("download_urls".to_owned(), json!([]));
                })
            }),
        variant("list-of-required-keys")
            .about("The jobs of a list have nothing but what each job must have.")
            .page(|response, _| {
                each_job(response, |job| {
                    job.retain(|key, _| {
                        matches!(key.as_str(), "batch_id" | "status" | "entity" | "action")
                    });
                })
            }),
        variant("list-in-chunks-when-long")
            .about("A page with jobs comes in chunks, without its length.")
            .page(|response, _| {
                if response.get("jobs").is_some_and(|jobs| jobs != json!([])) {
                    response.framing = Framing::Chunked;
                }
            }),
    ]
}

fn records() -> Vec<Fault> {
    vec![
        variant("internal-ids-as-strings")
            .about("The internal id of a record is a string, and empty where nothing was found.")
            .records(|records, _| {
                for record in records {
                    let id = record["internal_id"]
                        .as_u64()
                        .map(|id| format!("person-{id}"));
                    record["internal_id"] = json!(id.unwrap_or_default());
                }
            }),
        variant("internal-ids-absent")
            .about("No record has an internal id.")
            .records(|records, _| {
                for record in records.iter_mut().filter_map(Value::as_object_mut) {
                    record.remove("internal_id");
                }
            }),
        variant("every-kind-as-an-empty-list")
            .about("A record has an empty list for each kind of contact that was not requested.")
            .records(|records, job| {
                for record in records {
                    for (leaf, _) in fields::LEAVES {
                        if !job
                            .submission
                            .fields
                            .iter()
                            .any(|field| covers(field, leaf))
                        {
                            put(&mut record["data"], leaf, json!([]));
                        }
                    }
                }
            }),
        variant("several-contacts-of-a-kind")
            .about("There are two e-mails of each kind, the second with a status of its own.")
            .records(|records, _| {
                for record in records.iter_mut().filter(|record| is_found(record)) {
                    for (leaf, holds) in fields::LEAVES {
                        let pointer = format!("/data/{}", leaf.replace('.', "/"));
                        if let (Some(Value::Array(contacts)), "emails") =
                            (record.pointer_mut(&pointer), *holds)
                            && !contacts.is_empty()
                        {
                            contacts.push(
                                json!({"email": "second@example.org", "status": "catch_all"}),
                            );
                        }
                    }
                }
            }),
        variant("records-with-escapes")
            .about("A record writes every slash of its identifier as an escape.")
            .file(|file, _| {
                let text = String::from_utf8_lossy(&file.text).replace("https://", "https:\\/\\/");
                file.text = text.into_bytes();
            }),
        variant("record-keys-reversed")
            .about("A record begins with its data.")
            .records(|records, _| {
                for record in records.iter_mut().filter_map(Value::as_object_mut) {
                    *record = std::mem::take(record)
                        .into_iter()
                        .rev()
                        .collect::<Map<_, _>>();
                }
            }),
    ]
}

fn files() -> Vec<Fault> {
    vec![
        variant("lines-with-spaces")
            .about("Lines have blanks before and after the record.")
            .file(|file, _| {
                let lines = file.text.split_inclusive(|byte| *byte == b'\n');
                file.text = lines
                    .flat_map(|line| [b"  ", line.strip_suffix(b"\n").unwrap_or(line), b" \n"])
                    .collect::<Vec<_>>()
                    .concat();
            }),
        variant("gzip-with-an-empty-member")
            .about("A file begins with a member of gzip that holds nothing.")
            .file(|file: &mut StoredFile, _| {
                file.pack = |text| [gzip(b""), gzip(text)].concat();
            }),
    ]
}

fn deliveries() -> Vec<Fault> {
    vec![
        variant("webhook-three-times")
            .about("A webhook is called three times, with the whole job in the body.")
            .delivery(|delivery, job| {
                delivery.times = 3;
                delivery.body = json!({"event": "batch.finished", "job": {"batch_id": job.id, "count": Job::count(job)}}).to_string();
            }),
        variant("webhook-a-little-late")
            .about("A webhook is called a moment after the job is over.")
            .delivery(|delivery, _| delivery.delay = Duration::from_millis(60)),
    ]
}

/// Writes each date of a job anew.
fn rewrite_dates(job: &mut Map<String, Value>, write: fn(DateTime<Utc>) -> String) {
    for key in ["created_at", "completed_at"] {
        let date = job.get(key).and_then(Value::as_str);
        if let Some(date) = date.and_then(|date| DateTime::parse_from_rfc3339(date).ok()) {
            job.insert(key.to_owned(), write(date.with_timezone(&Utc)).into());
        }
    }
}

/// Edits each job of a page.
fn each_job(response: &mut Response, edit: fn(&mut Map<String, Value>)) {
    if let Payload::Json(page) = &mut response.body
        && let Some(Value::Array(jobs)) = page.get_mut("jobs")
    {
        jobs.iter_mut()
            .filter_map(Value::as_object_mut)
            .for_each(edit);
    }
}
