//! Faults in jobs that end as failed. Every second job does.

use axum::http::StatusCode;
use serde_json::json;

use crate::conduct::JobOutcome;
use crate::edits::{Clauses, Submitted};
use crate::generated::contract::job::status;
use crate::hooks::{Fault, fault};
use crate::jobs::{Phase, Poll};
use crate::response::Response;

const LINK: &str = "http://127.0.0.1/failed.jsonl.gz";

/// A name, the clause, what is said of it, and how.
type Row = (&'static str, Clauses, &'static str, fn(Fault) -> Fault);

const FAULTS: &[Row] = &[
    (
        "failed-with-link",
        &["job.download-links", "result.presigned"],
        "A failed job has a download_url.",
        |it| it.polled(failed(|response, _| response.set("download_url", LINK))),
    ),
    (
        "failed-with-part-links",
        &["job.download-links"],
        "A failed job has download_urls.",
        |it| {
            it.polled(failed(|response, _| {
                response.set("download_urls", json!([LINK]))
            }))
        },
    ),
    (
        "failed-without-entity",
        &["job.required-keys"],
        "A failed job has no entity.",
        |it| it.polled(failed(|response, _| response.remove("entity"))),
    ),
    (
        "failed-of-another-action",
        &["job.same-job"],
        "A failed job is a search.",
        |it| it.polled(failed(|response, _| response.set("action", "search"))),
    ),
    (
        "failed-as-error",
        &["job.status"],
        "A failed job has \"error\" for its status.",
        |it| it.polled(failed(|response, _| response.set("status", "error"))),
    ),
    (
        "failed-fulfils-too-much",
        &["job.counts"],
        "A failed job fulfils one too many.",
        |it| {
            it.polled(failed(|response, poll| {
                response.set("entities_fulfilled", poll.count() + 1);
            }))
        },
    ),
    (
        "failed-not-found",
        &["job.found"],
        "A failed job is not found.",
        |it| {
            it.polled(|response, poll| {
                if poll.phase == Phase::Failed && poll.has_version {
                    *response = Response::not_found("There is no such job.");
                }
            })
        },
    ),
    (
        "failed-with-gone",
        &["job.found"],
        "A failed job is gone on the second look.",
        |it| {
            it.polled(|response, poll| {
                if poll.phase == Phase::Failed && poll.has_version && poll.final_number > 1 {
                    response.status = StatusCode::GONE;
                }
            })
        },
    ),
    (
        "failed-needs-version",
        &["job.version-optional"],
        "A failed job needs a version.",
        |it| {
            it.polled(|response, poll| {
                if poll.phase == Phase::Failed && !poll.has_version {
                    *response = Response::bad_request("The version is required.");
                }
            })
        },
    ),
    (
        "failed-is-tried-again",
        &["job.terminal"],
        "A failed job is processing on a later poll.",
        |it| {
            it.phase(|phase, poll| {
                if *phase == Phase::Failed && poll.final_number == 2 {
                    *phase = Phase::Processing;
                }
            })
        },
    ),
    (
        "failed-unlisted",
        // It goes from one list while another is walked.
        &["list.contains", "list.pages"],
        "A failed job is not listed.",
        |it| {
            it.listed(|jobs, query| {
                jobs.retain(|job| query.status.is_some() || job.phase(query.now) != Phase::Failed);
            })
        },
    ),
    (
        "failed-not-in-filter",
        &["list.status-filter"],
        "Who asks for failed jobs gets none.",
        |it| {
            it.listed(|jobs, query| {
                if query.status.as_deref() == Some(status::FAILED) {
                    jobs.clear();
                }
            })
        },
    ),
    (
        "failed-without-webhook",
        &["webhook.post"],
        "No webhook hears of a failed job.",
        |it| {
            it.delivery(|delivery, job| {
                if job.outcome == JobOutcome::Failed {
                    delivery.times = 0;
                }
            })
        },
    ),
    (
        "failed-open-without-key",
        &["job.authorization"],
        "A failed job is readable without a key.",
        |it| {
            it.locked(|refusal, locked| {
                if locked.phase == Some(Phase::Failed) {
                    *refusal = None;
                }
            })
        },
    ),
];

pub(super) fn faults() -> Vec<Fault> {
    let faults = FAULTS.iter().map(|&(name, clauses, about, make)| {
        let fails = fault(name, clauses).about(about).job(|job, _| {
            // The first one is, too.
            if job.number % 2 == 1 {
                job.outcome = JobOutcome::Failed;
            }
        });
        make(fails)
    });
    faults.collect()
}

fn failed(edit: fn(&mut Response, &Poll)) -> impl Fn(&mut Response, &Poll) + Send + Sync + 'static {
    move |response, poll| {
        if poll.phase == Phase::Failed {
            edit(response, poll);
        }
    }
}
