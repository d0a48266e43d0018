//! What a client must send.

use std::collections::BTreeMap;

use http::header as standard;
use serde_json::{Map, Value, json};

use super::case::{Given, RequestCase, Sent};
use crate::generated::contract::submit::{chunk_size, fields, identifiers, webhook_url};
use crate::generated::contract::{API_VERSION, header, job, media_type, submit};

/// An id of a job.
const ID: &str = "7e96a0d7-0ea6-463c-8937-dfa59365c2e9";

pub(super) fn cases() -> Vec<RequestCase> {
    let both = &fields::VALUES[..1];
    let mut cases = vec![
        submits("one-identifier", "One profile, one field.", people(1), both),
        submits(
            "two-fields",
            "Several fields.",
            people(2),
            &fields::VALUES[..2],
        ),
        submits(
            "as-many-as-a-job-takes",
            "As many identifiers as a job takes.",
            people(identifiers::MAX),
            both,
        ),
        submits(
            "one-more-than-a-job-takes",
            "One identifier more than a job takes makes a second job.",
            people(identifiers::MAX + 1),
            both,
        ),
        submits(
            "no-identifier",
            "Nothing is sent for nobody.",
            Vec::new(),
            both,
        ),
        submits("no-field", "Nothing is sent for no field.", people(1), &[]),
        submits(
            "unsupported-field",
            "Nothing is sent for a field that the API does not take.",
            people(1),
            &["contact.business_emails"],
        ),
        with_chunk_size("smallest-chunks", chunk_size::MIN),
        with_chunk_size("largest-chunks", chunk_size::MAX),
        with_chunk_size("too-small-chunks", chunk_size::MIN - 1),
        with_chunk_size("too-large-chunks", chunk_size::MAX + 1),
        submission(
            "webhook",
            "A webhook is handed on.",
            people(1),
            both,
            None,
            Some(webhook_url::EXAMPLE),
        ),
    ];
    cases.extend(reads());
    cases
}

fn reads() -> [RequestCase; 2] {
    let link = "https://store.example.com/results.jsonl.gz?expires=1&signature=2";
    [
        RequestCase {
            name: "job-status".to_owned(),
            about: "A job is asked for by its id, with the key.".to_owned(),
            clause: "client.authorization",
            given: Given::Job(ID.to_owned()),
            sends: vec![Sent {
                method: "GET",
                path: job::PATH.replace("{batch_id}", ID),
                headers: BTreeMap::from([authorization()]),
                without: Vec::new(),
                body: None,
            }],
        },
        RequestCase {
            name: "download".to_owned(),
            about: "The store is asked without the key.".to_owned(),
            clause: "client.key-origin",
            given: Given::Download(link.to_owned()),
            sends: vec![Sent {
                method: "GET",
                path: link.to_owned(),
                headers: BTreeMap::new(),
                without: vec![standard::AUTHORIZATION.as_str()],
                body: None,
            }],
        },
    ]
}

/// Profiles that name nobody.
fn people(count: usize) -> Vec<String> {
    let url = |number| format!("https://www.linkedin.com/in/example-vector-{number}/");
    (1..=count).map(url).collect()
}

fn authorization() -> (&'static str, String) {
    (standard::AUTHORIZATION.as_str(), "Bearer <key>".to_owned())
}

fn submits(name: &str, about: &str, people: Vec<String>, fields: &[&str]) -> RequestCase {
    submission(name, about, people, fields, None, None)
}

fn with_chunk_size(name: &str, size: u32) -> RequestCase {
    let about = if is_chunk_size(size) {
        "A chunk size within the bounds is handed on."
    } else {
        "Nothing is sent for a chunk size out of the bounds."
    };
    submission(
        name,
        about,
        people(1),
        &fields::VALUES[..1],
        Some(size),
        None,
    )
}

fn is_chunk_size(size: u32) -> bool {
    (chunk_size::MIN..=chunk_size::MAX).contains(&size)
}

/// A submission, in as many jobs as it takes, or none where it can't be made.
fn submission(
    name: &str,
    about: &str,
    people: Vec<String>,
    fields: &[&str],
    chunk_size: Option<u32>,
    webhook_url: Option<&str>,
) -> RequestCase {
    let supported = fields.iter().all(|field| fields::VALUES.contains(field));
    let can_be_sent = supported && !fields.is_empty() && chunk_size.is_none_or(is_chunk_size);
    let chunks = people.chunks(identifiers::MAX).filter(|_| can_be_sent);
    let sends = chunks.map(|chunk| {
        let mut body = Map::new();
        body.insert(identifiers::KEY.to_owned(), json!(chunk));
        body.insert("fields".to_owned(), json!(fields));
        if let Some(size) = chunk_size {
            body.insert("chunk_size".to_owned(), json!(size));
        }
        if let Some(url) = webhook_url {
            body.insert("webhook_url".to_owned(), json!(url));
        }
        Sent {
            method: "POST",
            path: submit::PATH.to_owned(),
            headers: BTreeMap::from([
                authorization(),
                (header::API_VERSION, API_VERSION.to_owned()),
                (standard::CONTENT_TYPE.as_str(), media_type::JSON.to_owned()),
            ]),
            without: Vec::new(),
            body: Some(Value::Object(body)),
        }
    });
    RequestCase {
        name: name.to_owned(),
        about: about.to_owned(),
        clause: "client.valid-request",
        sends: sends.collect(),
        given: Given::Submit {
            identifiers: people.clone(),
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
            chunk_size,
            webhook_url: webhook_url.map(str::to_owned),
        },
    }
}
