//! Faults in what is charged, and in what the event of a request says of it and of the request.

use serde_json::{Map, Value, json};

use crate::billing::ChargeLine;
use crate::edits::{Clauses, Submitted, is_large};
use crate::generated::contract::{prices, submit, submit::chunk_size};
use crate::hooks::{Fault, Hook, fault};
use crate::ledger::Shown;

const SUM: Clauses = &["usage.sum"];
const HEADER: Clauses = &["usage.credits-header"];
const EXPECTED: Clauses = &["usage.expected"];
const BODY: Clauses = &["usage.request-body"];

pub(super) fn faults() -> Vec<Fault> {
    [sums(), headers(), charges(), requests()]
        .into_iter()
        .flatten()
        .collect()
}

fn sums() -> Vec<Fault> {
    vec![
        fault("cost-line-missing", SUM)
            .about("The last line of what was charged is left out.")
            .usage_entry(lines(|lines| {
                lines.pop();
            })),
        fault("cost-lines-missing-by-id", SUM)
            .about("An event that is asked for by its id has no lines, whatever was charged.")
            .usage_entry(|entry, shown| {
                if shown.is_whole {
                    entry.insert("cost_components".to_owned(), json!([]));
                }
            }),
        fault("cost-line-twice", SUM)
            .about("The first line of what was charged comes twice.")
            .usage_entry(lines(|lines| lines.extend(lines.first().cloned()))),
        fault("cost-lines-without-quantity", SUM)
            .about("A line has the price of one, however many were delivered.")
            .usage_entry(lines(|lines| {
                for line in lines {
                    let quantity = line["quantity"].as_f64().unwrap_or(1.0);
                    line["credits"] = json!(line["credits"].as_f64().unwrap_or(0.0) / quantity);
                }
            })),
        fault("cost-lines-without-fractions", SUM)
            .about("Prices have fractions, which are lost in the lines.")
            .charge(|lines, _| discount(lines))
            .usage_entry(lines(|lines| {
                for line in lines {
                    line["credits"] = json!(line["credits"].as_f64().unwrap_or(0.0).floor());
                }
            })),
    ]
}

fn headers() -> Vec<Fault> {
    vec![
        fault("credits-header-twice-the-charge", HEADER)
            .about("The header says twice what is charged.")
            .accepted(|response, _| {
                response.credits_used = response.credits_used.map(|credits| 2.0 * credits);
            }),
        fault("credits-header-of-persons", HEADER)
            .about("The header counts the persons who were found, not the credits.")
            .accepted(|response, job| response.credits_used = Some(job.found as f64)),
        fault("credits-header-without-fractions", HEADER)
            .about("Prices have fractions, which are lost in the header.")
            .charge(|lines, _| discount(lines))
            .accepted(|response, _| {
                response.credits_used = response.credits_used.map(f64::floor);
            }),
        fault("usage-event-without-charge", HEADER)
            .about("An event says that nothing was charged.")
            .usage_entry(|entry, _| {
                entry.insert("credits_used".to_owned(), json!(0));
                entry.insert("cost_components".to_owned(), json!([]));
            }),
    ]
}

fn charges() -> Vec<Fault> {
    vec![
        fault("charged-twice", EXPECTED)
            .about("Everything is charged twice.")
            .charge(|lines, _| {
                for line in lines {
                    line.credits *= 2.0;
                }
            }),
        fault("charged-for-profiles", EXPECTED)
            .about("Each profile costs a tenth of a credit, found or not.")
            .charge(|lines, job| fee(lines, 0.1, job.count())),
        fault("charged-without-contacts", EXPECTED)
            .about("A job that finds nobody costs a credit.")
            .charge(|lines, _| {
                if lines.is_empty() {
                    fee(lines, 1.0, 1);
                }
            }),
        fault("charged-all-kinds", EXPECTED)
            .about("Each person who is found costs as much as all kinds, whatever was asked for.")
            .charge(|lines, job| {
                if !lines.is_empty() {
                    lines.clear();
                    fee(lines, prices::PERSON, job.found);
                }
            }),
        fault("charged-for-refusals", EXPECTED)
            .about("A submission that is refused costs a credit.")
            .refusal_charge(|lines, _| fee(lines, 1.0, 1)),
        fault("charged-a-fraction-more", EXPECTED)
            .about("Each line costs a hundredth of a credit more.")
            .charge(|lines, _| {
                for line in lines {
                    line.credits += 0.01;
                }
            }),
        fault("charged-for-large-jobs", EXPECTED)
            .about("A large job costs a credit by itself.")
            .charge(|lines, job| {
                if is_large(job) {
                    fee(lines, 1.0, 1);
                }
            }),
    ]
}

fn requests() -> Vec<Fault> {
    vec![
        fault("usage-event-of-previous-request", BODY)
            .about("An event shows the body of the request before.")
            .usage_entry(|entry, shown| {
                let previous = shown.previous.as_ref();
                let body = previous.and_then(|event| event.request.json().ok());
                if shown.is_whole {
                    set_body(entry, body.unwrap_or_default());
                }
            }),
        fault("usage-event-without-body", BODY)
            .about("An event does not show the body.")
            .usage_entry(|entry, _| set_body(entry, Value::Null)),
        fault("usage-event-without-request", BODY)
            .about("An event does not show the request.")
            .usage_entry(|entry, _| {
                entry.remove("request");
            }),
        fault("usage-event-with-defaults", BODY)
            .about("An event shows what the body was taken for, with the default chunk size.")
            .usage_entry(with_body(|body, shown| {
                let sent = shown.event.request.json().unwrap_or_default();
                if sent.get("chunk_size").is_none() {
                    body["chunk_size"] = json!(chunk_size::DEFAULT);
                }
            })),
        fault("usage-event-with-fewer-profiles", BODY)
            .about("An event shows all profiles but the last one.")
            .usage_entry(with_body(|body, _| {
                match &mut body[submit::identifiers::KEY] {
                    Value::Array(urls) => {
                        urls.pop();
                    }
                    Value::String(urls) => urls.truncate(urls.len().saturating_sub(1)),
                    _ => body["fields"] = Value::Null,
                }
            })),
        fault("usage-event-with-key", BODY)
            .about("An event shows the key.")
            .usage_entry(show_authorization(|key| key.to_owned())),
        fault("usage-event-with-key-in-list", BODY)
            .about("An event shows the key, in headers that are a list.")
            .usage_entry(|entry, shown| {
                let headers = shown.event.request.headers.iter();
                let headers = headers.map(|(name, value)| {
                    json!({"name": name.as_str(), "value": String::from_utf8_lossy(value.as_bytes())})
                });
                if shown.is_whole {
                    entry.insert("headers".to_owned(), headers.collect());
                }
            }),
        fault("usage-event-with-part-of-key", BODY)
            .about("An event shows the last characters of the key.")
            .usage_entry(show_authorization(|key| {
                let last = key.char_indices().rev().nth(2).map_or(0, |(at, _)| at);
                format!("Bearer ...{}", &key[last..])
            })),
    ]
}

/// Edits the lines of what was charged, where there are some.
fn lines(edit: fn(&mut Vec<Value>)) -> impl Hook<Map<String, Value>, Shown> {
    move |entry, _| {
        if let Some(Value::Array(lines)) = entry.get_mut("cost_components") {
            edit(lines);
        }
    }
}

/// Takes a tenth off every price.
fn discount(lines: &mut Vec<ChargeLine>) {
    for line in lines {
        line.credits *= 0.9;
    }
}

/// Adds a line for something that has no price.
fn fee(lines: &mut Vec<ChargeLine>, credits: f64, quantity: usize) {
    let quantity = u32::try_from(quantity).unwrap_or(u32::MAX);
    lines.push(ChargeLine {
        component: "person.base".to_owned(),
        quantity,
        credits: f64::from(quantity) * credits,
    });
}

fn set_body(entry: &mut Map<String, Value>, body: Value) {
    if let Some(request) = entry.get_mut("request") {
        request["body"] = body;
    }
}

/// Edits the body that an event shows, where it is an object.
fn with_body(edit: fn(&mut Value, &Shown)) -> impl Hook<Map<String, Value>, Shown> {
    move |entry, shown| {
        let body = entry.get_mut("request").map(|request| &mut request["body"]);
        if let Some(body) = body.filter(|body| body.is_object()) {
            edit(body, shown);
        }
    }
}

fn show_authorization(show: fn(&str) -> String) -> impl Hook<Map<String, Value>, Shown> {
    move |entry, shown| {
        let value = shown.event.request.headers.get("authorization");
        let key = value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if let Some(headers) = entry.get_mut("headers") {
            headers["authorization"] = json!(show(key));
        }
    }
}
