//! Faults in the delivery to a webhook.

use std::time::Duration;

use axum::http::Method;

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
    ]
}
