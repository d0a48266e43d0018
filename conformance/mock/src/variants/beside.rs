//! Variants in what comes beside what must: in the response to a submission, in polls, and in files.

use std::io::Write as _;

use axum::http::StatusCode;
use flate2::{Compression, GzBuilder};
use serde_json::{Value, json};

use crate::edits::{Submitted, edit_list, set, set_to, status};
use crate::generated::contract::submit::identifiers;
use crate::hooks::{Fault, variant};
use crate::jobs::Job;
use crate::key::Target;

pub(super) fn variants() -> Vec<Fault> {
    [submitted(), polled(), delivered(), read()]
        .into_iter()
        .flatten()
        .collect()
}

fn submitted() -> Vec<Fault> {
    vec![
        variant("account-at-submit")
            .about("The accepted response names the account, with the e-mail of its owner.")
            .accepted(set(
                "account",
                json!({"id": 7, "email": "owner@example.com", "plan": "trial"}),
            )),
        variant("echo-at-submit")
            .about("The accepted response gives back what was asked for.")
            .accepted(set_to("request", |job: &Job| {
                let fields: Vec<&str> = job.submission.fields.iter().collect();
                json!({"fields": fields, (identifiers::KEY): job.identifiers()})
            })),
        variant("nothing-at-submit")
            .about("The accepted response has the keys of links and results, with nothing in them.")
            .accepted(|response, _| {
                response.set("download_url", Value::Null);
                response.set("download_urls", json!([]));
                response.set("results", json!({}));
                response.set("output", json!({"download_url": null, "phone_numbers": []}));
            }),
        variant("other-links-at-submit")
            .about("The accepted response links to the documentation and to itself.")
            .accepted(set_to("links", |job: &Job| {
                json!({"self": format!("/batch/{}", job.id), "docs": "https://docs.example.com/"})
            })),
        variant("accepted-counts-with-fractions-of-zero")
            .about("The counts of an accepted response are written as 3.0.")
            .accepted(|response, job| {
                for key in ["identifier_count", "entities_requested"] {
                    response.set(key, json!(job.count() as f64));
                }
            }),
        variant("statistics-at-submit")
            .about("The accepted response has figures, in lists and in objects.")
            .accepted(set(
                "estimate",
                json!({"seconds": [120, 180], "credits": {"most": 5.5, "status": "estimated"}}),
            )),
    ]
}

fn polled() -> Vec<Fault> {
    vec![
        variant("counts-with-fractions-of-zero")
            .about("The counts of a job are written as 3.0.")
            .report(|job, _| {
                for key in ["identifier_count", "entities_requested"] {
                    if let Some(count) = job.get(key).and_then(Value::as_f64) {
                        job.insert(key.to_owned(), json!(count));
                    }
                }
            }),
        variant("no-part-links-for-one-part")
            .about("The links to the parts are an empty list where there is one part.")
            .polled(edit_list("download_urls", |links| {
                if links.len() < 2 {
                    links.clear();
                }
            })),
        variant("links-with-more-in-the-query")
            .about("A link has parameters that nobody signed.")
            .polled(|response, _| {
                if let Some(Value::String(link)) = response.get("download_url") {
                    let name =
                        "response-content-disposition=attachment%3B%20filename%3D%22a%20b%22";
                    response.set("download_url", format!("{link}&{name}"));
                }
            }),
        variant("unknown-job-unprocessable")
            .about("A job that does not exist gets 422.")
            .unknown(status(StatusCode::UNPROCESSABLE_ENTITY)),
        variant("reads-without-key-not-found")
            .about("Whoever reads a job without a valid key gets 404, as if there were none.")
            .locked(|refusal, locked| {
                if let Some(response) = refusal
                    && matches!(locked.target, Target::Job | Target::FinalJob)
                {
                    response.restate(StatusCode::NOT_FOUND);
                }
            }),
        variant("unknown-job-gone")
            .about("A job that does not exist gets 410.")
            .unknown(status(StatusCode::GONE)),
        variant("reads-without-key-forbidden")
            .about("Whoever reads a job or the list without a valid key gets 403.")
            .locked(|refusal, locked| {
                if let Some(response) = refusal
                    && matches!(locked.target, Target::Job | Target::FinalJob | Target::List)
                {
                    response.restate(StatusCode::FORBIDDEN);
                }
            }),
        variant("parts-of-other-size")
            .about("The parts of a results file have seven records, whatever was asked for.")
            .job(|job, _| job.chunk_size = 7),
    ]
}

fn delivered() -> Vec<Fault> {
    vec![
        variant("webhook-with-list")
            .about("A webhook is called with a list of jobs.")
            .delivery(|delivery, job| {
                delivery.body = json!([{"id": job.id, "event": "finished"}]).to_string();
            }),
    ]
}

fn read() -> Vec<Fault> {
    vec![
        variant("emails-with-more")
            .about("An e-mail of a record has keys that nobody knows.")
            .records(|records, _| {
                for record in records {
                    if let Some(email) = record.pointer_mut("/data/business_email/0") {
                        email["verified_at"] = json!("2025-01-01T00:00:00Z");
                        email["sources"] = json!([{"name": "web"}]);
                    }
                }
            }),
        variant("gzip-stored-under-a-name")
            .about("The gzip of a file has a name and a comment, and is not made smaller.")
            .file(|file, _| {
                file.pack = |text| {
                    let named = GzBuilder::new().filename("results.jsonl").comment("all");
                    let mut encoder = named.write(Vec::new(), Compression::none());
                    // Writing to memory has no way to fail.
                    let written = encoder.write_all(text).and_then(|()| encoder.finish());
                    written.unwrap_or_default()
                };
            }),
    ]
}
