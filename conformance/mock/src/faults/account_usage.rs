//! Faults in the list of usage events, and in which requests have one.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::edits::{Clauses, edit_list, remove, set, status, when};
use crate::generated::contract::submit;
use crate::hooks::{Fault, fault};
use crate::ledger::Event;
use crate::response::Response;

const SHAPE: Clauses = &["usage.shape"];
const REQUEST_ID: Clauses = &["usage.request-id"];
const UNKNOWN_ID: Clauses = &["usage.unknown-id"];

pub(super) fn faults() -> Vec<Fault> {
    [shape(), pages(), presence(), unknown()]
        .into_iter()
        .flatten()
        .collect()
}

fn shape() -> Vec<Fault> {
    vec![
        fault("usage-under-data", SHAPE)
            .about("The events of a page are under data.")
            .usage_page(|response, _| {
                let events = response.get("events").unwrap_or_default();
                response.remove("events");
                response.set("data", events);
            }),
        fault("usage-without-has-more", SHAPE)
            .about("The last page of events does not say that there is no more.")
            .usage_page(|response, _| {
                if response.get("has_more") == Some(json!(false)) {
                    response.remove("has_more");
                }
            }),
        fault("usage-has-more-number", SHAPE)
            .about("Whether there are more events is 0 or 1.")
            .usage_page(|response, _| {
                let has_more = response.get("has_more") == Some(json!(true));
                response.set("has_more", u8::from(has_more));
            }),
        fault("usage-without-cursor", SHAPE)
            .about("A page of events has no cursor, whatever follows.")
            .usage_page(remove(&["next_cursor"])),
        fault("usage-cursor-number", SHAPE)
            .about("The cursor of events is a number.")
            .usage_page(|response, _| {
                if response.get("has_more") == Some(json!(true)) {
                    response.set("next_cursor", 2);
                }
            }),
        fault("usage-always-has-more", SHAPE)
            .about("There are more events on the last page, too.")
            .usage_page(set("has_more", true)),
        fault("usage-ids-are-numbers", SHAPE)
            .about("The ids of events are numbers.")
            .usage_page(edit_list("events", |events| {
                for (n, event) in events.iter_mut().enumerate() {
                    event["event_id"] = json!(n);
                }
            })),
        fault("usage-page-fails", SHAPE)
            .about("A page of events behind the first one fails with 500.")
            .usage_page(|response, query| {
                if query.cursor.is_some() {
                    response.status = StatusCode::INTERNAL_SERVER_ERROR;
                }
            }),
    ]
}

fn pages() -> Vec<Fault> {
    vec![
        fault("usage-limit-one-more", SHAPE)
            .about("A page has one event more than its limit.")
            .usage_query(|query, ()| query.limit += 1),
        fault("usage-small-limit-ignored", SHAPE)
            .about("A limit of one stands for the default.")
            .usage_query(|query, ()| {
                if query.limit == 1 {
                    query.limit = 50;
                }
            }),
        fault("usage-oldest-first", SHAPE)
            .about("Events begin with the oldest.")
            .listed_events(|events, _| events.reverse()),
        fault("usage-newest-last", SHAPE)
            .about("The newest event comes after the others.")
            .listed_events(|events, _| {
                let middle = 1.min(events.len());
                events.rotate_left(middle);
            }),
        fault("usage-event-twice", SHAPE)
            .about("The oldest event is listed twice.")
            .listed_events(|events, query| {
                // Cursors are ids: behind the second one nothing would follow.
                if query.cursor.is_none() {
                    events.extend(events.last().cloned());
                }
            }),
        fault("usage-page-repeats-event", SHAPE)
            .about("A page of events starts with the last one of the page before.")
            .usage_page(|response, _| {
                if let Some(Value::Array(events)) = response.get("events")
                    && let [.., before, _] = events.as_slice()
                    && response.get("has_more") == Some(json!(true))
                {
                    response.set("next_cursor", before["event_id"].clone());
                }
            }),
        fault("usage-page-skips-event", SHAPE)
            .about("The first event of every page but the first is left out.")
            .usage_page(|response, query| {
                if query.cursor.is_some() {
                    edit_list("events", |events| {
                        events.drain(..1.min(events.len()));
                    })(response, query);
                }
            }),
        fault("usage-cursor-ignored", SHAPE)
            .about("Every page of events is the first one.")
            .usage_query(|query, ()| query.cursor = None),
    ]
}

fn presence() -> Vec<Fault> {
    vec![
        fault("usage-event-never", REQUEST_ID)
            .about("An accepted submission never has an event.")
            .event_appears(when(is_accepted, |appears: &mut Option<Duration>, _| {
                *appears = None;
            })),
        fault("usage-event-late", REQUEST_ID)
            .about("The event of an accepted submission takes hours.")
            .event_appears(when(is_accepted, |appears: &mut Option<Duration>, _| {
                *appears = appears.map(|at| at + Duration::from_secs(36 * 3600));
            })),
        fault("usage-event-only-where-charged", REQUEST_ID)
            .about("A submission that costs nothing has no event.")
            .event_appears(when(is_unpaid, |appears: &mut Option<Duration>, _| {
                *appears = None;
            })),
        fault("usage-event-listed-alone", REQUEST_ID)
            .about("The event of an accepted submission is listed, and not found by its id.")
            .usage_event(|response, shown| {
                if is_accepted(&shown.event) {
                    *response = Response::not_found("There is no such event.");
                }
            }),
        fault("usage-event-not-listed", REQUEST_ID)
            .about("The event of an accepted submission is found by its id, and not listed.")
            .listed_events(|events, _| events.retain(|event| !is_accepted(event))),
        fault("usage-event-of-another-name", REQUEST_ID)
            .about("Events have ids of their own, which are not those of the requests.")
            .usage_entry(|entry, shown| {
                let id = format!("evt-{}", shown.event.id);
                entry.insert("event_id".to_owned(), json!(id));
            }),
    ]
}

fn unknown() -> Vec<Fault> {
    vec![
        fault("usage-unknown-bad-request", UNKNOWN_ID)
            .about("An event that never was is a bad request.")
            .unknown_event(status(StatusCode::BAD_REQUEST)),
        fault("usage-unknown-is-null", UNKNOWN_ID)
            .about("An event that never was is null.")
            .unknown_event(|response, _| *response = Response::json(StatusCode::OK, Value::Null)),
        fault("usage-unknown-forbidden", UNKNOWN_ID)
            .about("An event that never was is forbidden, as if it were another team's.")
            .unknown_event(status(StatusCode::FORBIDDEN)),
        fault("usage-unknown-fails-for-words", UNKNOWN_ID)
            .about("An id that is no UUID fails with 500.")
            .unknown_event(|response, id| {
                if uuid::Uuid::try_parse(id).is_err() {
                    response.status = StatusCode::INTERNAL_SERVER_ERROR;
                }
            }),
    ]
}

/// Whether it is of a submission that was accepted.
fn is_accepted(event: &Event) -> bool {
    event.endpoint == submit::PATH
        && StatusCode::from_u16(event.status).is_ok_and(|status| status.is_success())
}

/// Whether it is of one that cost nothing.
fn is_unpaid(event: &Event) -> bool {
    let charge = event.charge.as_ref();
    is_accepted(event) && charge.is_none_or(|charge| charge.lines.is_empty())
}
