//! Faults that show only in the first job, from the tenth on, or right after a refusal: a table of what goes wrong against
//! a table of when.

use serde_json::Value;

use super::named;
use super::result_records::remove_data;
use crate::edits::{Clauses, Submitted, is_completed, remove, set, set_to, when};
use crate::hooks::{Fault, fault};
use crate::jobs::{Job, Phase, Poll};
use crate::response::Response;

type When = fn(&Job) -> bool;

/// When: the end of a name, where it is in a sentence, and whether a job is one of these.
const STAGES: &[(&str, &str, When)] = &[
    ("of-the-first-job", "the first job", |job| job.number == 1),
    ("from-the-tenth-job-on", "a job from the tenth on", |job| {
        job.number >= 10
    }),
    (
        "right-after-a-refusal",
        "a job whose submission came right after one that was refused",
        |job| job.submission.before.is_refused,
    ),
];

/// What goes wrong: its name, the clause, what is said of it, and how.
type Wrong = (
    &'static str,
    Clauses,
    &'static str,
    fn(Fault, When) -> Fault,
);

const WRONGS: &[Wrong] = &[
    (
        "no-status-url",
        &["submit.required-keys"],
        "The accepted response lacks its status_url",
        |it, is| it.accepted(when(is, remove(&["status_url"]))),
    ),
    (
        "status",
        &["submit.status-pending"],
        "The accepted response says \"processing\"",
        |it, is| it.accepted(when(is, set("status", "processing"))),
    ),
    (
        "entity",
        &["submit.entity"],
        "The accepted response is about a company",
        |it, is| it.accepted(when(is, set("entity", "company"))),
    ),
    (
        "action",
        &["submit.action"],
        "The accepted response is about another action",
        |it, is| it.accepted(when(is, set("action", "enrich"))),
    ),
    (
        "counts",
        &["submit.identifier-count"],
        "Both counts are one too high",
        |it, is| {
            it.accepted(when(is, |response: &mut Response, job: &Job| {
                response.set("identifier_count", job.count() + 1);
                response.set("entities_requested", job.count() + 1);
            }))
        },
    ),
    (
        "requested",
        &["submit.entities-requested"],
        "entities_requested is one too high",
        |it, is| {
            it.accepted(when(
                is,
                set_to("entities_requested", |job: &Job| job.count() + 1),
            ))
        },
    ),
    (
        "status-url",
        &["submit.status-url"],
        "The status_url has a slash at its end",
        |it, is| {
            it.accepted(when(
                is,
                set_to("status_url", |job: &Job| format!("/batch/{}/", job.id)),
            ))
        },
    ),
    (
        "link-at-submit",
        &["submit.no-data"],
        "The accepted response has a download_url",
        |it, is| {
            it.accepted(when(
                is,
                set("download_url", "http://127.0.0.1/early.jsonl.gz"),
            ))
        },
    ),
    (
        "not-found",
        &["job.found"],
        "A poll finds nothing",
        |it, is| {
            it.polled(move |response, poll| {
                if poll.has_version && is(&poll.job) {
                    *response = Response::not_found("There is no such job.");
                }
            })
        },
    ),
    (
        "no-action",
        &["job.required-keys"],
        "A poll shows no action",
        |it, is| {
            it.polled(of_poll(
                is,
                |_| true,
                |response, _| response.remove("action"),
            ))
        },
    ),
    (
        "company-later",
        &["job.same-job"],
        "A poll is about a company",
        |it, is| {
            it.polled(of_poll(
                is,
                |_| true,
                |response, _| response.set("entity", "company"),
            ))
        },
    ),
    (
        "flickers",
        &["job.terminal"],
        "The second poll after the end shows it as processing",
        |it, is| {
            it.phase(move |phase, poll| {
                if is(&poll.job) && poll.final_number == 2 {
                    *phase = Phase::Processing;
                }
            })
        },
    ),
    (
        "fulfilled",
        &["job.counts"],
        "entities_fulfilled is one too high at the end",
        |it, is| {
            it.polled(of_poll(is, is_completed, |response, poll| {
                response.set("entities_fulfilled", poll.count() + 1);
            }))
        },
    ),
    (
        "message",
        &["job.error-message"],
        "error_message is \"None\" at the end",
        |it, is| {
            it.polled(of_poll(is, is_completed, |response, _| {
                response.set("error_message", "None");
            }))
        },
    ),
    (
        "no-link",
        &["job.download-links"],
        "There is no download_url at the end",
        |it, is| {
            it.polled(of_poll(is, is_completed, |response, _| {
                response.remove("download_url")
            }))
        },
    ),
    (
        "result-count",
        &["result.count"],
        "result_count is one too high",
        |it, is| {
            it.polled(of_poll(is, is_completed, |response, poll| {
                response.set("result_count", poll.count() + 1);
            }))
        },
    ),
    (
        "records",
        &["result.every-identifier"],
        "The identifiers of records are in capitals",
        |it, is| {
            it.records(when(is, |records: &mut Vec<Value>, _: &Job| {
                for record in records {
                    if let Some(identifier) = record["original_identifier"].as_str() {
                        record["original_identifier"] = identifier.to_uppercase().into();
                    }
                }
            }))
        },
    ),
    (
        "no-envelope",
        &["result.envelope"],
        "Records have no data",
        |it, is| {
            it.records(when(is, |records: &mut Vec<Value>, _: &Job| {
                records.iter_mut().for_each(remove_data);
            }))
        },
    ),
    (
        "unlisted",
        &["list.contains"],
        "It is not listed",
        |it, is| it.listed(move |jobs, _| jobs.retain(|job| !is(job))),
    ),
];

pub(super) fn faults() -> Vec<Fault> {
    let mut faults = Vec::new();
    for &(wrong, clauses, about, make) in WRONGS {
        for &(stage, which, is) in STAGES {
            let about = format!("{about}; in {which} only.");
            let fault = fault(named(format!("{wrong}-{stage}")), clauses).about(about);
            faults.push(make(fault, is));
        }
    }
    faults
}

/// The edit, in polls of jobs for which both conditions hold.
fn of_poll(
    is: When,
    holds: fn(&Poll) -> bool,
    edit: fn(&mut Response, &Poll),
) -> impl Fn(&mut Response, &Poll) + Send + Sync + 'static {
    move |response, poll| {
        if is(&poll.job) && holds(poll) {
            edit(response, poll);
        }
    }
}
