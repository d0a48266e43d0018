//! Faults in the call of a webhook.

use std::time::Duration;

use axum::http::Method;

use super::Fault;
use crate::effect::Effect::Notice;

const POST: &[&str] = &["webhook.post"];

/// Longer than anyone waits for a call that is due.
const TOO_LATE: Duration = Duration::from_secs(60 * 60);

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "webhook-never",
        breaks: POST,
        about: "No webhook is ever called.",
        effects: &[Notice(|notice, _| notice.times = 0)],
    },
    Fault {
        name: "webhook-late",
        breaks: POST,
        about: "A webhook is called an hour after the job is final.",
        effects: &[Notice(|notice, _| notice.delay = TOO_LATE)],
    },
    Fault {
        name: "webhook-with-get",
        breaks: POST,
        about: "A webhook is called with GET.",
        effects: &[Notice(|notice, _| notice.method = Method::GET)],
    },
    Fault {
        name: "webhook-without-path",
        breaks: POST,
        about: "A webhook is called at the root of its host.",
        effects: &[Notice(|notice, _| notice.url.set_path("/"))],
    },
    Fault {
        name: "webhook-with-last-slash",
        breaks: POST,
        about: "A webhook is called with a slash at the end of its path.",
        effects: &[Notice(|notice, _| {
            let path = format!("{}/", notice.url.path());
            notice.url.set_path(&path);
        })],
    },
];
