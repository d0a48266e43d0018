//! Variants in the usage: which requests leave an event and when, how events are shown, and what is charged.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::account::set;
use crate::hooks::{Fault, Hook, variant};
use crate::ledger::Shown;

pub(super) fn variants() -> Vec<Fault> {
    [events(), shown(), charges()]
        .into_iter()
        .flatten()
        .collect()
}

fn events() -> Vec<Fault> {
    vec![
        variant("events-at-once")
            .about("A request is among the events at once.")
            .event_appears(|appears, event| *appears = Some(event.at)),
        variant("events-after-a-minute")
            .about("A request is among the events after a little less than a minute.")
            .event_appears(|appears, event| *appears = Some(event.at + Duration::from_secs(55))),
        variant("events-of-accepted-alone")
            .about("Only requests that succeed leave an event.")
            .event_appears(|appears, event| {
                if event.status >= StatusCode::BAD_REQUEST.as_u16() {
                    *appears = None;
                }
            }),
        variant("events-without-cursor-at-end")
            .about("The last page of events has no key for a cursor.")
            .usage_page(|response, _| {
                if response.get("next_cursor") == Some(Value::Null) {
                    response.remove("next_cursor");
                }
            }),
        variant("events-with-cursor-at-end")
            .about("The last page of events has an empty cursor.")
            .usage_page(|response, _| {
                if response.get("next_cursor") == Some(Value::Null) {
                    response.set("next_cursor", "");
                }
            }),
        variant("events-a-hundred-a-page")
            .about("No page has more than a hundred events.")
            .usage_query(|query, ()| query.limit = query.limit.min(100)),
        variant("request-id-absent")
            .about("No response has the id of its request.")
            .response(|response, ()| response.request_id = None),
        variant("request-id-on-reads-alone")
            .about("Responses to submissions have no id of the request.")
            .accepted(|response, _| response.request_id = None)
            .response(|response, ()| {
                if response.get("status_url").is_some() {
                    response.request_id = None;
                }
            }),
    ]
}

fn shown() -> Vec<Fault> {
    vec![
        variant("event-request-is-body")
            .about("What an event shows of the request is its body, and nothing else.")
            .usage_entry(edit_request(|request| *request = request["body"].take())),
        variant("event-body-is-text")
            .about("What an event shows of the body is its text.")
            .usage_entry(edit_request(|request| {
                request["body"] = json!(request["body"].to_string());
            })),
        variant("event-body-deeper")
            .about("The body in an event lies deeper, under another name.")
            .usage_entry(edit_request(|request| {
                let body = request["body"].take();
                *request = json!({"sent": [{"json": body}]});
            })),
        variant("event-without-headers")
            .about("An event shows no headers of the request.")
            .usage_entry(|entry, _| {
                entry.remove("headers");
            }),
        variant("event-with-id-and-credits-alone")
            .about("A listed event has its id and its credits, and nothing else.")
            .usage_entry(|entry, shown| {
                if !shown.is_whole {
                    entry.retain(|key, _| ["event_id", "credits_used"].contains(&key.as_str()));
                }
            }),
        variant("event-without-credits")
            .about("Events do not say what was charged.")
            .usage_entry(|entry, _| {
                entry.remove("credits_used");
            }),
        variant("event-keys-spelled-otherwise")
            .about("The keys of an event that nobody has spelled are spelled in another way.")
            .usage_entry(|entry, _| {
                for (key, other) in [
                    ("endpoint", "path"),
                    ("created_at", "timestamp"),
                    ("status", "status_code"),
                ] {
                    let value = entry.remove(key).unwrap_or_default();
                    set(entry, other, value);
                }
            }),
    ]
}

fn charges() -> Vec<Fault> {
    vec![
        variant("cost-lines-in-credits-used")
            .about("The amount of a line is under credits_used.")
            .usage_entry(edit_lines(|line| rename(line, "credits", "credits_used"))),
        variant("cost-lines-in-another-key")
            .about("The amount of a line is under a key that nobody names.")
            .usage_entry(edit_lines(|line| rename(line, "credits", "total"))),
        variant("cost-lines-null")
            .about("There are no lines of what was charged.")
            .usage_entry(|entry, _| set(entry, "cost_components", Value::Null)),
        variant("credits-header-absent")
            .about("No response says what its request was charged.")
            .response(|response, ()| response.credits_used = None),
        variant("charged-less")
            .about("Everything costs a third less, in fractions.")
            .charge(|lines, _| lines.iter_mut().for_each(|line| line.credits *= 0.67)),
        variant("charged-nothing")
            .about("Nothing is charged.")
            .charge(|lines, _| lines.clear()),
    ]
}

fn edit_request(edit: fn(&mut Value)) -> impl Hook<Map<String, Value>, Shown> {
    move |entry, _| {
        entry.get_mut("request").into_iter().for_each(edit);
    }
}

fn edit_lines(edit: fn(&mut Map<String, Value>)) -> impl Hook<Map<String, Value>, Shown> {
    move |entry, _| {
        if let Some(Value::Array(lines)) = entry.get_mut("cost_components") {
            lines
                .iter_mut()
                .filter_map(Value::as_object_mut)
                .for_each(edit);
        }
    }
}

fn rename(object: &mut Map<String, Value>, from: &str, to: &str) {
    if let Some(value) = object.remove(from) {
        set(object, to, value);
    }
}
