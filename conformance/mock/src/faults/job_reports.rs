//! Faults in what the status of a job says of its outcome: links, messages, and counts of what was found.

use serde_json::{Value, json};

use super::Fault;
use crate::effect::Effect::Look;
use crate::generated::contract;
use crate::jobs::Phase::{Completed, Pending, Processing};

const LINKS: &[&str] = &["job.download-links"];
const MESSAGE: &[&str] = &["job.error-message"];
const COUNTS: &[&str] = &["job.counts"];

/// A link to nothing.
const EARLY_LINK: &str = "http://127.0.0.1/not-yet.jsonl.gz";

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "link-while-processing",
        breaks: LINKS,
        about: "A job that is being worked on has a download_url.",
        effects: &[Look(|answer, look| {
            if look.phase == Processing {
                answer.keys().set("download_url", EARLY_LINK);
            }
        })],
    },
    Fault {
        name: "part-links-while-processing",
        breaks: LINKS,
        about: "A job that is being worked on has download_urls, and no download_url.",
        effects: &[Look(|answer, look| {
            if look.phase == Processing {
                answer.keys().set("download_urls", json!([EARLY_LINK]));
            }
        })],
    },
    Fault {
        name: "completed-without-link",
        breaks: LINKS,
        about: "A completed job has no download_url.",
        effects: &[Look(|answer, look| {
            if look.phase == Completed {
                answer.keys().remove("download_url");
            }
        })],
    },
    Fault {
        name: "link-only-once",
        breaks: LINKS,
        about: "The download_url of a completed job is null after the first look that shows it.",
        effects: &[Look(|answer, look| {
            if look.phase == Completed && look.final_number > 1 {
                answer.keys().set("download_url", Value::Null);
            }
        })],
    },
    Fault {
        name: "completed-with-only-parts",
        breaks: LINKS,
        about: "A completed job in several parts has no download_url.",
        effects: &[Look(|answer, look| {
            if look.phase == Completed && look.identifiers() > look.job.chunk_size {
                answer.keys().remove("download_url");
            }
        })],
    },
    Fault {
        name: "message-while-pending",
        breaks: MESSAGE,
        about: "error_message of a job that waits says so.",
        effects: &[Look(|answer, look| {
            if look.phase == Pending {
                answer.keys().set("error_message", "Waiting for a worker.");
            }
        })],
    },
    Fault {
        name: "message-while-processing",
        breaks: MESSAGE,
        about: "error_message of a job that is being worked on tells how far it is.",
        effects: &[Look(|answer, look| {
            if look.phase == Processing {
                answer.keys().set("error_message", "50% done");
            }
        })],
    },
    Fault {
        name: "message-when-completed",
        breaks: MESSAGE,
        about: "error_message of a completed job is \"None\".",
        effects: &[Look(|answer, look| {
            if look.phase == Completed {
                answer.keys().set("error_message", "None");
            }
        })],
    },
    Fault {
        name: "fulfilled-one-more",
        breaks: COUNTS,
        about: "entities_fulfilled of a completed job is one more than were requested.",
        effects: &[Look(|answer, look| {
            if look.phase == Completed {
                answer
                    .keys()
                    .set("entities_fulfilled", look.identifiers() + 1);
            }
        })],
    },
    Fault {
        name: "fulfilled-counts-contacts",
        breaks: COUNTS,
        about: "entities_fulfilled counts each kind of contact that was looked for.",
        effects: &[Look(|answer, look| {
            if look.phase == Completed {
                let kinds = contract::submit::fields::LEAVES.len();
                answer
                    .keys()
                    .set("entities_fulfilled", look.identifiers() * kinds);
            }
        })],
    },
    Fault {
        name: "fulfilled-exceeds-at-max",
        breaks: COUNTS,
        about: "entities_fulfilled is one too high if there are as many identifiers as there may be.",
        effects: &[Look(|answer, look| {
            if look.phase == Completed && look.identifiers() == contract::submit::identifiers::MAX {
                answer
                    .keys()
                    .set("entities_fulfilled", look.identifiers() + 1);
            }
        })],
    },
    Fault {
        name: "fulfilled-before-the-end",
        breaks: COUNTS,
        about: "entities_fulfilled of a job that is being worked on counts the attempts.",
        effects: &[Look(|answer, look| {
            if look.phase == Processing {
                answer
                    .keys()
                    .set("entities_fulfilled", look.identifiers() * 2);
            }
        })],
    },
];
