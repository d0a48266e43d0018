//! Faults in the delivery to a webhook.

use std::time::Duration;

use axum::http::Method;

use crate::conduct::JobOutcome;
use crate::edits::Clauses;
use crate::hooks::{Fault, fault};

const POST: Clauses = &["webhook.post"];

/// Longer than anyone waits for a delivery that is due.
const TOO_LATE: Duration = Duration::from_secs(60 * 60);

pub(super) fn faults() -> Vec<Fault> {
    vec![
        fault("webhook-never", POST)
            .about("Nothing is ever delivered to a webhook.")
            .delivery(|delivery, _| delivery.times = 0),
        fault("webhook-late", POST)
            .about("A webhook is called an hour after the job is final.")
            .delivery(|delivery, _| delivery.delay = TOO_LATE),
        fault("webhook-with-get", POST)
            .about("A webhook is called with GET.")
            .delivery(|delivery, _| delivery.method = Method::GET),
        fault("webhook-without-path", POST)
            .about("A webhook is called at the root of its host.")
            .delivery(|delivery, _| delivery.url.set_path("/")),
        fault("webhook-with-last-slash", POST)
            .about("A webhook is called with a slash at the end of its path.")
            .delivery(|delivery, _| delivery.url.set_path(&format!("{}/", delivery.url.path()))),
        fault("webhook-without-query", POST)
            .about("A webhook is called without the query of its URL.")
            .delivery(|delivery, _| delivery.url.set_query(None)),
        fault("webhook-with-query-unescaped", POST)
            .about("The escapes in the query of a webhook are undone.")
            .delivery(|delivery, _| {
                let query = delivery.url.query().map(|query| query.replace("%2F", "/"));
                delivery.url.set_query(query.as_deref());
            }),
        fault("webhook-in-lower-case", POST)
            .about("A webhook is called with its path in lower case.")
            .delivery(|delivery, _| {
                let path = delivery.url.path().to_ascii_lowercase();
                delivery.url.set_path(&path);
            }),
        fault("webhook-at-acceptance", POST)
            .about(
                "A webhook is called as soon as a job is accepted, which takes long, and not again.",
            )
            .conduct(|conduct, _| conduct.timing.processing = Duration::from_secs(900))
            .job(|job, _| job.notified = job.created),
        fault("webhook-when-work-begins", POST)
            .about(
                "A webhook is called when work on the job begins, which takes long, and not again.",
            )
            .conduct(|conduct, _| conduct.timing.processing = Duration::from_secs(900))
            .job(|job, _| job.notified = job.started),
        fault("webhook-not-for-failed-jobs", POST)
            .about("Every job fails, and no webhook hears of it.")
            .conduct(|conduct, _| conduct.outcome = JobOutcome::Failed)
            .delivery(|delivery, job| {
                if job.outcome == JobOutcome::Failed {
                    delivery.times = 0;
                }
            }),
    ]
}
