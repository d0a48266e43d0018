//! Faults in the keys of the accepted response: missing ones, wrong types, and data that has no place there.

use serde_json::{Value, json};

use crate::edits::{
    Clauses, Submitted, has_max, has_text, has_text_fields, has_webhook, is_large, remove, set,
    set_to, when,
};
use crate::generated::contract;
use crate::hooks::{Fault, fault};
use crate::jobs::Job;

const KEYS: Clauses = &["submit.required-keys"];
const NO_DATA: Clauses = &["submit.no-data"];

pub(super) fn faults() -> Vec<Fault> {
    let missing = [
        ("no-batch-id", "batch_id"),
        ("no-status", "status"),
        ("no-entity", "entity"),
        ("no-action", "action"),
        ("no-identifier-count", "identifier_count"),
    ];
    let missing = missing.map(|(name, key)| {
        fault(name, KEYS)
            .about(format!("The accepted response has no {key}."))
            .accepted(move |response, _| response.remove(key))
    });
    missing.into_iter().chain(others()).collect()
}

fn others() -> Vec<Fault> {
    vec![
        fault("no-entities-requested-for-strings", KEYS)
            .about("No entities_requested if the identifiers came as a string.")
            .accepted(when(has_text, remove(&["entities_requested"]))),
        fault("no-status-url-with-webhook", KEYS)
            .about("The accepted response has no status_url if there is a webhook_url.")
            .accepted(when(has_webhook, remove(&["status_url"]))),
        fault("camel-case-keys", KEYS)
            .about("The identifier_count of the accepted response is called identifierCount.")
            .accepted(remove(&["identifier_count"]))
            .accepted(set_to("identifierCount", Job::count)),
        fault("wrapped-answer", KEYS)
            .about("The accepted response is wrapped in another object.")
            .accepted(|response, _| response.wrap(|body| json!({"batch": body}))),
        fault(
            "answer-wrapped-in-data",
            &["submit.required-keys", "submit.no-data"],
        )
        .about("The accepted response is wrapped in an object under the key data.")
        .accepted(|response, _| response.wrap(|body| json!({"data": body}))),
        fault("batch-id-number", KEYS)
            .about("batch_id is the job's number.")
            .accepted(set_to("batch_id", |job: &Job| job.number)),
        fault("status-null-when-large", KEYS)
            .about("status is null for a large job.")
            .accepted(when(is_large, set("status", Value::Null))),
        fault("entity-list", KEYS)
            .about("entity is a list of one string.")
            .accepted(set("entity", json!([contract::submit::accepted::ENTITY]))),
        fault("action-null-for-last-field-alone", KEYS)
            .about("action is null if only the last of the supported fields is asked for.")
            .accepted(when(has_last_field_alone, set("action", Value::Null))),
        fault("identifier-count-string", KEYS)
            .about("identifier_count is a number in a string.")
            .accepted(set_to("identifier_count", text_count)),
        fault("identifier-count-fraction", KEYS)
            .about("identifier_count is no whole number.")
            .accepted(set_to("identifier_count", |job: &Job| {
                job.count() as f64 + 0.5
            })),
        fault("entities-requested-null", KEYS)
            .about("entities_requested is null.")
            .accepted(set("entities_requested", Value::Null)),
        fault("entities-requested-string-at-max", KEYS)
            .about("entities_requested is a string for as many identifiers as there may be.")
            .accepted(when(has_max, set_to("entities_requested", text_count))),
        fault("status-url-object", KEYS)
            .about("status_url is an object with the URL in it.")
            .accepted(set_to("status_url", |job: &Job| json!({"href": job.id}))),
        fault("download-url-at-submit", NO_DATA)
            .about("The accepted response has a download_url.")
            .accepted(set("download_url", "https://store.example.com/results.gz")),
        fault("download-urls-at-submit-when-large", NO_DATA)
            .about("The accepted response of a large job has download_urls.")
            .accepted(when(is_large, set("download_urls", json!([PART])))),
        fault("results-at-submit", NO_DATA)
            .about("The accepted response has results.")
            .accepted(set_to(
                "results",
                |job: &Job| json!([{"original_identifier": job.identifiers().first()}]),
            )),
        fault("records-at-submit-for-strings", NO_DATA)
            .about("The accepted response has records if the fields came as a string.")
            .accepted(when(has_text_fields, set("records", json!([{"data": {}}])))),
        fault("data-at-submit-for-one", NO_DATA)
            .about("The accepted response of a job with one identifier has data.")
            .accepted(when(
                |job: &Job| job.count() == 1,
                set("data", json!({"found": true})),
            )),
        fault("contacts-at-submit", NO_DATA)
            .about("The accepted response has the contacts of the first field.")
            .accepted(|response, _| {
                let field = contract::submit::fields::VALUES[0];
                let key = field.split('.').next().unwrap_or(field);
                response.set(key, json!([{"email": "nobody@example.com"}]));
            }),
        fault("contacts-deep-at-submit", NO_DATA)
            .about("The accepted response has e-mails under a key that nobody knows.")
            .accepted(set(
                "preview",
                json!([{"email": "nobody@example.com", "status": "unknown"}]),
            )),
        fault("phones-deep-at-submit", NO_DATA)
            .about("The accepted response has phone numbers two levels down.")
            .accepted(set(
                "cached",
                json!({"first": {"phone_numbers": ["+1 202 555 0100"]}}),
            )),
        fault("record-deep-at-submit", NO_DATA)
            .about("The accepted response has a record of the first identifier two levels down.")
            .accepted(set_to(
                "cached",
                |job: &Job| json!({"hits": [{"original_identifier": job.identifiers().first()}]}),
            )),
        fault("link-deep-at-submit", NO_DATA)
            .about("The accepted response has a download link among other links.")
            .accepted(set("links", json!({"self": "/batch", "download": PART}))),
        fault("part-links-deep-at-submit-when-large", NO_DATA)
            .about("The accepted response of a large job has download_urls under another key.")
            .accepted(when(
                is_large,
                set("output", json!({"download_urls": [PART]})),
            )),
    ]
}

const PART: &str = "https://store.example.com/part-0.gz";

fn text_count(job: &Job) -> String {
    job.count().to_string()
}

fn has_last_field_alone(job: &Job) -> bool {
    let last = contract::submit::fields::VALUES.last();
    last.is_some_and(|last| job.submission.fields.are(&[last]))
}
