//! Faults in the keys of the accepted answer: missing ones, wrong types, and data that has no place there.

use serde_json::{Value, json};

use super::{Fault, LARGE};
use crate::answer::{Answer, Payload};
use crate::effect::Effect::Accepted;
use crate::generated::contract;

const KEYS: &[&str] = &["submit.required-keys"];
const NO_DATA: &[&str] = &["submit.no-data"];

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "no-batch-id",
        breaks: KEYS,
        about: "The accepted answer has no batch_id.",
        effects: &[Accepted(|answer, _| answer.keys().remove("batch_id"))],
    },
    Fault {
        name: "no-status",
        breaks: KEYS,
        about: "The accepted answer has no status.",
        effects: &[Accepted(|answer, _| answer.keys().remove("status"))],
    },
    Fault {
        name: "no-entity",
        breaks: KEYS,
        about: "The accepted answer has no entity.",
        effects: &[Accepted(|answer, _| answer.keys().remove("entity"))],
    },
    Fault {
        name: "no-action",
        breaks: KEYS,
        about: "The accepted answer has no action.",
        effects: &[Accepted(|answer, _| answer.keys().remove("action"))],
    },
    Fault {
        name: "no-identifier-count",
        breaks: KEYS,
        about: "The accepted answer has no identifier_count.",
        effects: &[Accepted(|answer, _| {
            answer.keys().remove("identifier_count")
        })],
    },
    Fault {
        name: "no-entities-requested-for-strings",
        breaks: KEYS,
        about: "The accepted answer has no entities_requested if the identifiers came as a string.",
        effects: &[Accepted(|answer, job| {
            if job.submission.identifiers.is_text() {
                answer.keys().remove("entities_requested");
            }
        })],
    },
    Fault {
        name: "no-status-url-with-webhook",
        breaks: KEYS,
        about: "The accepted answer has no status_url if there is a webhook_url.",
        effects: &[Accepted(|answer, job| {
            if job.submission.has_webhook() {
                answer.keys().remove("status_url");
            }
        })],
    },
    Fault {
        name: "camel-case-keys",
        breaks: KEYS,
        about: "The identifier_count of the accepted answer is called identifierCount.",
        effects: &[Accepted(|answer, job| {
            answer.keys().remove("identifier_count");
            answer.keys().set("identifierCount", job.identifiers());
        })],
    },
    Fault {
        name: "wrapped-answer",
        breaks: KEYS,
        about: "The accepted answer is wrapped in another object.",
        effects: &[Accepted(|answer, _| wrap(answer, "batch"))],
    },
    Fault {
        name: "answer-wrapped-in-data",
        breaks: &["submit.required-keys", "submit.no-data"],
        about: "The accepted answer is wrapped in an object under the key data.",
        effects: &[Accepted(|answer, _| wrap(answer, "data"))],
    },
    Fault {
        name: "batch-id-number",
        breaks: KEYS,
        about: "batch_id is the job's number.",
        effects: &[Accepted(|answer, job| {
            answer.keys().set("batch_id", job.number)
        })],
    },
    Fault {
        name: "status-null-when-large",
        breaks: KEYS,
        about: "status is null for a large job.",
        effects: &[Accepted(|answer, job| {
            if job.identifiers() > LARGE {
                answer.keys().set("status", Value::Null);
            }
        })],
    },
    Fault {
        name: "entity-list",
        breaks: KEYS,
        about: "entity is a list of one string.",
        effects: &[Accepted(|answer, _| {
            answer
                .keys()
                .set("entity", json!([contract::submit::accepted::ENTITY]))
        })],
    },
    Fault {
        name: "action-null-for-last-field-alone",
        breaks: KEYS,
        about: "action is null if only the last of the supported fields is asked for.",
        effects: &[Accepted(|answer, job| {
            if contract::submit::fields::VALUES
                .last()
                .is_some_and(|last| job.submission.fields.are(&[last]))
            {
                answer.keys().set("action", Value::Null);
            }
        })],
    },
    Fault {
        name: "identifier-count-string",
        breaks: KEYS,
        about: "identifier_count is a number in a string.",
        effects: &[Accepted(|answer, job| {
            answer
                .keys()
                .set("identifier_count", job.identifiers().to_string())
        })],
    },
    Fault {
        name: "identifier-count-fraction",
        breaks: KEYS,
        about: "identifier_count is no whole number.",
        effects: &[Accepted(|answer, job| {
            answer
                .keys()
                .set("identifier_count", job.identifiers() as f64 + 0.5)
        })],
    },
    Fault {
        name: "entities-requested-null",
        breaks: KEYS,
        about: "entities_requested is null.",
        effects: &[Accepted(|answer, _| {
            answer.keys().set("entities_requested", Value::Null)
        })],
    },
    Fault {
        name: "entities-requested-string-at-max",
        breaks: KEYS,
        about: "entities_requested is a number in a string if there are as many identifiers as there may be.",
        effects: &[Accepted(|answer, job| {
            if job.identifiers() == contract::submit::identifiers::MAX {
                answer
                    .keys()
                    .set("entities_requested", job.identifiers().to_string());
            }
        })],
    },
    Fault {
        name: "status-url-object",
        breaks: KEYS,
        about: "status_url is an object with the URL in it.",
        effects: &[Accepted(|answer, job| {
            answer.keys().set("status_url", json!({"href": job.id}))
        })],
    },
    Fault {
        name: "download-url-at-submit",
        breaks: NO_DATA,
        about: "The accepted answer has a download_url.",
        effects: &[Accepted(|answer, _| {
            answer
                .keys()
                .set("download_url", "https://store.example.com/results.gz")
        })],
    },
    Fault {
        name: "download-urls-at-submit-when-large",
        breaks: NO_DATA,
        about: "The accepted answer of a large job has download_urls.",
        effects: &[Accepted(|answer, job| {
            if job.identifiers() > LARGE {
                answer.keys().set(
                    "download_urls",
                    json!(["https://store.example.com/part-0.gz"]),
                );
            }
        })],
    },
    Fault {
        name: "results-at-submit",
        breaks: NO_DATA,
        about: "The accepted answer has results.",
        effects: &[Accepted(|answer, job| {
            answer.keys().set(
                "results",
                json!([{"original_identifier": job.submission.identifiers.values.first()}]),
            );
        })],
    },
    Fault {
        name: "records-at-submit-for-strings",
        breaks: NO_DATA,
        about: "The accepted answer has records if the fields came as a string.",
        effects: &[Accepted(|answer, job| {
            if job.submission.fields.is_text() {
                answer.keys().set("records", json!([{"data": {}}]));
            }
        })],
    },
    Fault {
        name: "data-at-submit-for-one",
        breaks: NO_DATA,
        about: "The accepted answer of a job with one identifier has data.",
        effects: &[Accepted(|answer, job| {
            if job.identifiers() == 1 {
                answer.keys().set("data", json!({"found": true}));
            }
        })],
    },
    Fault {
        name: "contacts-at-submit",
        breaks: NO_DATA,
        about: "The accepted answer has the contacts of the first field.",
        effects: &[Accepted(|answer, _| {
            let field = contract::submit::fields::VALUES[0];
            let key = field.split('.').next().unwrap_or(field);
            answer
                .keys()
                .set(key, json!([{"email": "nobody@example.com"}]));
        })],
    },
];

/// Moves the whole body below a key.
fn wrap(answer: &mut Answer, key: &str) {
    if let Payload::Json(body) = &mut answer.body {
        *body = json!({ key: body.take() });
    }
}
