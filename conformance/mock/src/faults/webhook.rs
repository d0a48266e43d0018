//! Faults in the call of a webhook.

use std::time::Duration;

use axum::http::Method;

use super::Fault;
use crate::effect::Effect::Delivery;

const POST: &[&str] = &["webhook.post"];

/// Longer than anyone waits for a call that is due.
const TOO_LATE: Duration = Duration::from_secs(60 * 60);

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "webhook-never",
        breaks: POST,
        about: "No webhook is ever called.",
        effects: &[Delivery(|delivery, _| delivery.times = 0)],
    },
    Fault {
        name: "webhook-late",
        breaks: POST,
        about: "A webhook is called an hour after the job is final.",
        effects: &[Delivery(|delivery, _| delivery.delay = TOO_LATE)],
    },
    Fault {
        name: "webhook-with-get",
        breaks: POST,
        about: "A webhook is called with GET.",
        effects: &[Delivery(|delivery, _| delivery.method = Method::GET)],
    },
    Fault {
        name: "webhook-without-path",
        breaks: POST,
        about: "A webhook is called at the root of its host.",
        effects: &[Delivery(|delivery, _| delivery.url.set_path("/"))],
    },
    Fault {
        name: "webhook-with-last-slash",
        breaks: POST,
        about: "A webhook is called with a slash at the end of its path.",
        effects: &[Delivery(|delivery, _| {
            let path = format!("{}/", delivery.url.path());
            delivery.url.set_path(&path);
        })],
    },
];
