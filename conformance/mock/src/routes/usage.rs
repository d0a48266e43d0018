//! `GET` of the account's usage: its events page by page, and one of them.

use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode, header};
use chrono::SecondsFormat;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::access;
use crate::exchange::Call;
use crate::generated::contract::status_code;
use crate::instance::Instance;
use crate::ledger::{Event, Shown};
use crate::response::Response;
use crate::usage_query::UsageQuery;

/// What an event shows in place of a secret.
const REDACTED: &str = "<redacted>";
/// Most bytes of a response that an event shows.
const RESPONSE_MAX: usize = 32 * 1024;

/// Responds to one request for a page of events.
pub(super) fn list(instance: &Instance, call: &Call) -> Response {
    if let Some(refusal) = access::account_refusal(instance, call) {
        return refusal;
    }
    let now = instance.now(&instance.state());
    let text = call.request.query.as_deref().unwrap_or_default();
    let mut query = UsageQuery::read(text, now, instance.date(now));
    instance.hooks.usage_query.apply(&mut query, &());
    let mut response = match page(instance, &query) {
        Ok(page) => Response::json(StatusCode::OK, page),
        Err(message) => Response::bad_request(message),
    };
    instance.hooks.usage_page.apply(&mut response, &query);
    response
}

/// The page asked for. The error is a message for the caller.
fn page(instance: &Instance, query: &UsageQuery) -> Result<Value, String> {
    if let Some(objection) = &query.objection {
        return Err(objection.clone());
    }
    let state = instance.state();
    let mut events: Vec<Arc<Event>> = state.ledger.events(query.now).cloned().collect();
    drop(state);
    let all = events.clone();
    events.retain(|event| query.wants(event, instance.date(event.at)));
    instance.hooks.listed_events.apply(&mut events, query);
    if let Some(cursor) = &query.cursor {
        let place = events.iter().position(|event| event.id == *cursor);
        let place = place.ok_or("cursor is not one of this list.")?;
        events.drain(..=place);
    }
    let has_more = events.len() > query.limit;
    events.truncate(query.limit);
    let next_cursor = events.last().filter(|_| has_more).map(|event| &event.id);
    let entries = events.iter().map(|event| {
        let shown = shown(event.clone(), &all, false);
        show(instance, &shown)
    });
    Ok(json!({
        "events": entries.collect::<Value>(),
        "has_more": has_more,
        "next_cursor": next_cursor,
    }))
}

/// Responds to one request for an event.
pub(super) fn event(instance: &Instance, call: &Call) -> Response {
    if let Some(refusal) = access::account_refusal(instance, call) {
        return refusal;
    }
    let id = last_segment(&call.request.path);
    let state = instance.state();
    let now = instance.now(&state);
    let all: Vec<Arc<Event>> = state.ledger.events(now).cloned().collect();
    drop(state);
    match all.iter().find(|event| event.id == id) {
        Some(event) => {
            let shown = shown(event.clone(), &all, true);
            let mut response = Response::json(StatusCode::OK, show(instance, &shown));
            instance.hooks.usage_event.apply(&mut response, &shown);
            response
        }
        None => {
            let mut response = Response::not_found(format!("There is no event {id}."));
            instance.hooks.unknown_event.apply(&mut response, &id);
            response
        }
    }
}

/// An event among all, newest first, as it is to be shown.
fn shown(event: Arc<Event>, all: &[Arc<Event>], is_whole: bool) -> Shown {
    let older = all.iter().skip_while(|other| other.id != event.id).skip(1);
    let mut older = older.filter(|other| other.endpoint == event.endpoint);
    Shown {
        previous: older.next().cloned(),
        event,
        is_whole,
    }
}

/// An event as the list shows it, and what one that is asked for by its id has beside that.
fn show(instance: &Instance, shown: &Shown) -> Value {
    let event = &shown.event;
    let lines = event.charge.iter().flat_map(|charge| &charge.lines);
    let lines = lines.map(|line| {
        json!({
            "component": line.component,
            "label": line.component.rsplit('.').next(),
            "quantity": line.quantity,
            "credits": line.credits,
        })
    });
    let date = instance.date(event.at);
    let mut entry = Map::new();
    let mut set = |key: &str, value: Value| entry.insert(key.to_owned(), value);
    set("event_id", json!(event.id));
    set(
        "created_at",
        json!(date.to_rfc3339_opts(SecondsFormat::Micros, true)),
    );
    set("endpoint", json!(event.endpoint));
    set("product", json!(event.product()));
    set("status", json!(event.status));
    set("error_type", json!(event.error_key("type")));
    set("client_surface", json!(Event::SURFACE));
    set("api_key_id", json!(Event::API_KEY_ID));
    set(
        "credits_used",
        json!(event.charge.as_ref().map_or(0.0, |charge| charge.credits())),
    );
    set("cost_components", lines.collect());
    if shown.is_whole {
        set("request", request_of(event));
        set("headers", headers_of(&event.request.headers));
        set("response", response_of(event));
    }
    instance.hooks.usage_entry.apply(&mut entry, shown);
    Value::Object(entry)
}

/// The body, the query and the path parameters that were sent.
pub(crate) fn request_of(event: &Event) -> Value {
    let request = &event.request;
    let text = || String::from_utf8_lossy(&request.body).into_owned();
    let body = match request.body.is_empty() {
        true => Value::Null,
        false => request.json().unwrap_or_else(|_| json!(text())),
    };
    let query = form_urlencoded::parse(request.query.as_deref().unwrap_or_default().as_bytes());
    let query: Map<String, Value> = query
        .map(|(key, value)| (key.into_owned(), json!(value)))
        .collect();
    let mut path_params = Map::new();
    let (_, template) = event.endpoint.rsplit_once('/').unwrap_or_default();
    let parameter = template
        .strip_prefix('{')
        .and_then(|name| name.strip_suffix('}'));
    if let Some(parameter) = parameter {
        path_params.insert(parameter.to_owned(), json!(last_segment(&request.path)));
    }
    json!({"body": body, "query": query, "path_params": path_params})
}

fn headers_of(headers: &HeaderMap) -> Value {
    let is_secret = |name: &str| name == header::AUTHORIZATION.as_str() || name == "apikey";
    let shown = headers.iter().map(|(name, value)| {
        let value = match is_secret(name.as_str()) {
            true => REDACTED.into(),
            false => String::from_utf8_lossy(value.as_bytes()),
        };
        (name.as_str().to_owned(), json!(value))
    });
    Value::Object(shown.collect())
}

/// The body of a refusal, cut off where it is long; null on success and on 429.
fn response_of(event: &Event) -> Value {
    if event.status < status_code::BAD_REQUEST || event.status == status_code::TOO_MANY_REQUESTS {
        return Value::Null;
    }
    let text = event.error.to_string();
    match text.len() > RESPONSE_MAX {
        true => {
            let mut end = RESPONSE_MAX;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            json!(text[..end])
        }
        false => event.error.clone(),
    }
}

/// The last segment of a path, without its escapes.
fn last_segment(path: &str) -> String {
    let segment = path.rsplit('/').next().unwrap_or_default();
    // A plus is itself in a path.
    let pair = format!("={}", segment.replace('+', "%2B"));
    form_urlencoded::parse(pair.as_bytes())
        .map(|(_, value)| value.into_owned())
        .collect()
}
