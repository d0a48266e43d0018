//! Variants in what is read of the account: which paths there are, and how the balance, the endpoints and the usage events
//! are written down.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::generated::contract::{account, submit, usage};
use crate::hooks::{Fault, Hook, variant};
use crate::key::{AccountAccess, Key};
use crate::ledger::Shown;
use crate::response::Response;

pub(super) fn variants() -> Vec<Fault> {
    [
        paths(),
        balance(),
        endpoints(),
        events(),
        shown(),
        charges(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn paths() -> Vec<Fault> {
    vec![
        variant("account-absent")
            .about("There are no paths for the account.")
            .conduct(|conduct, ()| conduct.has_account = false),
        variant("account-forbidden")
            .about("This key may not read the account.")
            .account_access(without("", StatusCode::FORBIDDEN)),
        variant("account-not-implemented")
            .about("A gateway answers for the account, without an error body.")
            .account_access(|refusal, _| {
                let mut response = Response::json(StatusCode::NOT_IMPLEMENTED, json!({}));
                response.set_text("text/plain", "no such service");
                *refusal = Some(response);
            }),
        variant("account-is-a-page")
            .about("Paths that the server does not know show a page of HTML, with 200.")
            .account_access(|refusal, _| {
                let mut response = Response::json(StatusCode::OK, json!({}));
                response.set_text("text/html", "<!doctype html><title>Welcome</title>");
                *refusal = Some(response);
            }),
        variant("usage-absent")
            .about("There is a balance, and no usage.")
            .account_access(without(usage::PATH, StatusCode::NOT_FOUND)),
        variant("usage-forbidden")
            .about("Usage events are not for this key.")
            .account_access(without(usage::PATH, StatusCode::FORBIDDEN)),
        variant("endpoints-absent")
            .about("There is a balance, and nothing about endpoints.")
            .account_access(without(account::endpoints::PATH, StatusCode::NOT_FOUND)),
        variant("balance-absent")
            .about("There is usage, and no balance.")
            .account_access(without(account::credits::PATH, StatusCode::NOT_FOUND)),
    ]
}

fn balance() -> Vec<Fault> {
    vec![
        variant("balance-alone")
            .about("The account has nothing but its balance.")
            .credits(in_account(|account| {
                account.retain(|key, _| key == "credits")
            })),
        variant("balance-fraction")
            .about("The balance is a fraction.")
            .credits(in_account(|account| {
                set(account, "credits", json!(1234.03))
            })),
        variant("balance-with-wallets")
            .about("The account has wallets and top-ups, whose keys nobody names.")
            .credits(in_account(|account| {
                set(
                    account,
                    "wallets",
                    json!([{"type": "top_up", "credits": 5, "expires_at": null}]),
                );
                set(
                    account,
                    "credit_topups",
                    json!([{"origin": "purchase", "remaining": 2.5}]),
                );
                set(account, "recurring_credits_frequency", json!("monthly"));
                set(
                    account,
                    "recurring_credits_refresh_date",
                    json!("2026-12-01T00:00:00Z"),
                );
            })),
        variant("balance-with-nulls")
            .about("What the account has not is null.")
            .credits(in_account(|account| {
                set(account, "recurring_credits", Value::Null);
                set(account, "wallets", Value::Null);
                set(account, "credit_topups", Value::Null);
            })),
        variant("balance-with-more-keys")
            .about("The account has keys that nobody names.")
            .credits(|response, ()| {
                in_account(|account| set(account, "plan", json!({"name": "enterprise"})))(
                    response,
                    &(),
                );
                response.set("request_id", "r-1");
            }),
    ]
}

fn endpoints() -> Vec<Fault> {
    vec![
        variant("endpoints-without-batch")
            .about("The submission is not among the endpoints.")
            .endpoints(edit_endpoints(|endpoints| {
                endpoints.retain(|endpoint| endpoint["path"] != submit::PATH);
            })),
        variant("endpoints-with-path-alone")
            .about("An endpoint has nothing but its path.")
            .endpoints(edit_endpoints(|endpoints| {
                for endpoint in endpoints.iter_mut().filter_map(Value::as_object_mut) {
                    endpoint.retain(|key, _| key == "path");
                }
            })),
        variant("endpoints-disabled")
            .about("Endpoints are disabled, with a limit that is null.")
            .endpoints(edit_endpoints(|endpoints| {
                for endpoint in endpoints.iter_mut() {
                    endpoint["status"] = json!(account::endpoints::status::DISABLED);
                    endpoint["effective_rate_limit_rpm"] = Value::Null;
                }
            })),
    ]
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

/// Answers in this status for what is below a path, whoever asks with a key.
fn without(path: &'static str, status: StatusCode) -> impl Hook<Option<Response>, AccountAccess> {
    move |refusal, access| {
        if access.path.starts_with(path) && access.key == Key::Known {
            let response = Response::error(status, "not_available", "Not for this key.", json!({}));
            *refusal = Some(response);
        }
    }
}

fn in_account(edit: fn(&mut Map<String, Value>)) -> impl Hook<Response, ()> {
    move |response, ()| {
        if let Some(Value::Object(mut account)) = response.get("account") {
            edit(&mut account);
            response.set("account", account);
        }
    }
}

fn edit_endpoints(edit: fn(&mut Vec<Value>)) -> impl Hook<Response, String> {
    move |response, _| {
        if let Some(Value::Array(mut endpoints)) = response.get("endpoints") {
            edit(&mut endpoints);
            response.set("endpoints", endpoints);
        }
    }
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

fn set(object: &mut Map<String, Value>, key: &str, value: Value) {
    object.insert(key.to_owned(), value);
}

fn rename(object: &mut Map<String, Value>, from: &str, to: &str) {
    if let Some(value) = object.remove(from) {
        set(object, to, value);
    }
}
