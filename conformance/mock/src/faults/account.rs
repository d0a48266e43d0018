//! Faults in who may read the account, and in what its balance and its endpoints say.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::edits::{Clauses, edit_list, in_account, remove, set, status};
use crate::generated::contract::{account, submit, usage};
use crate::hooks::{Fault, Hook, fault};
use crate::key::{AccountAccess, Key};
use crate::response::Response;

const AUTHORIZATION: Clauses = &["account.authorization"];
const VERSION: Clauses = &["account.version"];
const FREE: Clauses = &["account.free"];
const CREDITS: Clauses = &["account.credits"];
const ENDPOINTS: Clauses = &["account.endpoints"];

pub(super) fn faults() -> Vec<Fault> {
    [access(), free(), credits(), endpoints()]
        .into_iter()
        .flatten()
        .collect()
}

fn access() -> Vec<Fault> {
    vec![
        fault("balance-open-without-key", AUTHORIZATION)
            .about("The balance is readable without a key.")
            .account_access(open(|access| {
                access.key == Key::Missing && access.path == account::credits::PATH
            })),
        fault("endpoints-open-for-any-key", AUTHORIZATION)
            .about("What the account may call is readable with any key.")
            .account_access(open(|access| {
                access.key == Key::Unknown && access.path == account::endpoints::PATH
            })),
        fault("usage-event-open-without-key", AUTHORIZATION)
            .about("One usage event is readable without a key; the list is not.")
            .account_access(open(|access| {
                access.key == Key::Missing && is_event(access)
            })),
        fault("account-forbidden-without-key", AUTHORIZATION)
            .about("The account is forbidden without a key, with 403.")
            .account_access(refused(Key::Missing, StatusCode::FORBIDDEN)),
        fault("account-bad-request-for-unknown-key", AUTHORIZATION)
            .about("An unknown key is a bad request to the account.")
            .account_access(refused(Key::Unknown, StatusCode::BAD_REQUEST)),
        fault("account-without-version", VERSION)
            .about("The account is readable without the version header.")
            .account_access(open(|access| {
                access.key == Key::Known && access.version.is_none()
            })),
        fault("usage-with-other-version", VERSION)
            .about("Usage events are readable with another version.")
            .account_access(open(|access| {
                let is_usage = access.path.starts_with(usage::PATH);
                access.key == Key::Known && access.version.is_some() && is_usage
            })),
        fault("account-other-version-fails", VERSION)
            .about("Another version fails with 500, about the account.")
            .account_access(|refusal, access| {
                let is_other = access.key == Key::Known && access.version.is_some();
                if let Some(refusal) = refusal.as_mut().filter(|_| is_other) {
                    refusal.status = StatusCode::INTERNAL_SERVER_ERROR;
                }
            }),
        fault("account-missing-version-not-found", VERSION)
            .about("Without the version header there is nothing at the paths of the account.")
            .account_access(|refusal, access| {
                if access.key == Key::Known && access.version.is_none() {
                    *refusal = Some(Response::not_found("There is nothing here."));
                }
            }),
    ]
}

fn free() -> Vec<Fault> {
    vec![
        fault("balance-costs", FREE)
            .about("Reading the balance is said to cost a fraction of a credit.")
            .credits(|response, ()| response.credits_used = Some(0.03)),
        fault("endpoints-cost-nothing", FREE)
            .about("The list of endpoints says that it cost nothing.")
            .endpoints(|response, _| response.credits_used = Some(0.0)),
        fault("usage-page-costs", FREE)
            .about("A page of usage events is said to cost a credit.")
            .usage_page(|response, _| response.credits_used = Some(1.0)),
        fault("usage-event-has-its-charge", FREE)
            .about("The response with a usage event has the header of the request that it is of.")
            .usage_event(|response, shown| {
                let charge = shown.event.charge.as_ref();
                response.credits_used = charge.map(|charge| charge.credits());
            }),
    ]
}

fn credits() -> Vec<Fault> {
    vec![
        fault("balance-flat", CREDITS)
            .about("The balance is flat, as that of the endpoint for users is.")
            .credits(|response, ()| {
                if let Some(Value::Object(account)) = response.get("account") {
                    response.remove("account");
                    account
                        .into_iter()
                        .for_each(|(key, value)| response.set(&key, value));
                }
            }),
        fault("balance-is-text", CREDITS)
            .about("The balance is a decimal number in a string.")
            .credits(in_account(|account| {
                rewrite(account, "credits", |value| json!(value.to_string()))
            })),
        fault("balance-missing", CREDITS)
            .about("The balance has another name.")
            .credits(in_account(|account| {
                let balance = account.remove("credits").unwrap_or_default();
                account.insert("balance".to_owned(), balance);
            })),
        fault("balance-of-list", CREDITS)
            .about("The account is a list of one.")
            .credits(|response, ()| {
                let account = response.get("account").unwrap_or_default();
                response.set("account", vec![account]);
            }),
        fault("recurring-credits-text", CREDITS)
            .about("The recurring credits are a string.")
            .credits(in_account(|account| {
                rewrite(account, "recurring_credits", |_| json!("0"))
            })),
        fault("rollover-word", CREDITS)
            .about("Whether credits are kept is said in a word.")
            .credits(in_account(|account| {
                rewrite(account, "credit_rollover", |_| json!("no"))
            })),
        fault("wallets-by-name", CREDITS)
            .about("The wallets are an object, by their names.")
            .credits(in_account(|account| {
                account.insert("wallets".to_owned(), json!({"recurring": 0}));
            })),
        fault("balance-fails", CREDITS)
            .about("Reading the balance fails with 500.")
            .credits(status(StatusCode::INTERNAL_SERVER_ERROR)),
    ]
}

fn endpoints() -> Vec<Fault> {
    vec![
        fault("endpoints-by-path", ENDPOINTS)
            .about("The endpoints are an object, by their paths.")
            .endpoints(|response, _| {
                if let Some(Value::Array(endpoints)) = response.get("endpoints") {
                    let named = endpoints
                        .into_iter()
                        .filter_map(|one| Some((one.get("path")?.as_str()?.to_owned(), one)));
                    response.set("endpoints", named.collect::<Map<_, _>>());
                }
            }),
        fault("endpoints-missing", ENDPOINTS)
            .about("There is no list of endpoints where one is asked for by its path.")
            .endpoints(|response, query| {
                if !query.is_empty() {
                    remove(&["endpoints"])(response, query);
                }
            }),
        fault("endpoints-with-sister", ENDPOINTS)
            .about(
                "An endpoint that is asked for by its path has its synchronous sister beside it.",
            )
            .endpoints(|response, query| {
                if !query.is_empty() {
                    edit_list("endpoints", |endpoints| {
                        if !endpoints.is_empty() {
                            let sister = submit::PATH.trim_start_matches("/batch");
                            endpoints.push(json!({"path": sister}));
                        }
                    })(response, query);
                }
            }),
        fault("endpoints-all-without-match", ENDPOINTS)
            .about("Where no endpoint has the path that is asked for, another one is shown.")
            .endpoints(edit_list("endpoints", |endpoints| {
                if endpoints.is_empty() {
                    endpoints.push(json!({"path": submit::PATH}));
                }
            })),
        fault("endpoints-not-found-without-match", ENDPOINTS)
            .about("Where no endpoint has the path that is asked for, the response is 404.")
            .endpoints(|response, _| {
                if response.get("endpoints") == Some(json!([])) {
                    *response = Response::not_found("There is no such endpoint.");
                }
            }),
        fault("endpoint-limit-text", ENDPOINTS)
            .about("The rate limit of an endpoint is a string.")
            .endpoints(edit_endpoints(|endpoint| {
                rewrite(endpoint, "effective_rate_limit_rpm", |_| {
                    json!("60 per minute")
                });
            })),
        fault("endpoint-status-flag", ENDPOINTS)
            .about("Whether an endpoint may be called is true or false.")
            .endpoints(edit_endpoints(|endpoint| {
                rewrite(endpoint, "status", |status| {
                    json!(status == account::endpoints::status::ENABLED)
                });
            })),
        fault("endpoint-status-in-capitals", ENDPOINTS)
            .about("An endpoint that may not be called says so in capitals.")
            .endpoints(edit_endpoints(|endpoint| {
                rewrite(endpoint, "status", |status| match status.as_str() {
                    Some(status) if status != account::endpoints::status::ENABLED => {
                        json!(status.to_uppercase())
                    }
                    _ => status.clone(),
                });
            })),
        fault("endpoints-without-body", ENDPOINTS)
            .about("The endpoints are an empty list, without an object around it.")
            .endpoints(|response, _| *response = Response::json(StatusCode::OK, json!([]))),
        fault("endpoint-paths-missing", ENDPOINTS)
            .about("An endpoint that is asked for by its path does not name it.")
            .endpoints(|response, query| {
                if !query.is_empty() {
                    set("endpoints", json!([{"category": "Person"}]))(response, query);
                }
            }),
    ]
}

/// Lets through what would be refused.
fn open(lets_through: fn(&AccountAccess) -> bool) -> impl Hook<Option<Response>, AccountAccess> {
    move |refusal, access| {
        if lets_through(access) {
            *refusal = None;
        }
    }
}

/// Refuses requests with such a key with another status.
fn refused(key: Key, status: StatusCode) -> impl Hook<Option<Response>, AccountAccess> {
    move |refusal, access| {
        if let Some(refusal) = refusal.as_mut().filter(|_| access.key == key) {
            refusal.status = status;
        }
    }
}

/// Whether it is about one event.
fn is_event(access: &AccountAccess) -> bool {
    access.path.starts_with(usage::PATH) && access.path != usage::PATH
}

fn edit_endpoints(edit: fn(&mut Map<String, Value>)) -> impl Hook<Response, String> {
    move |response, _| {
        if let Some(Value::Array(mut endpoints)) = response.get("endpoints") {
            endpoints
                .iter_mut()
                .filter_map(Value::as_object_mut)
                .for_each(edit);
            response.set("endpoints", endpoints);
        }
    }
}

/// Replaces a value by what follows from it.
fn rewrite(object: &mut Map<String, Value>, key: &str, edit: fn(&Value) -> Value) {
    if let Some(value) = object.get_mut(key) {
        *value = edit(value);
    }
}
