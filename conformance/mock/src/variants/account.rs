//! Variants in what is read of the account: which paths there are, and how the balance and the endpoints are written down.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::edits::in_account;
use crate::generated::contract::{account, submit, usage};
use crate::hooks::{Fault, Hook, variant};
use crate::key::{AccountAccess, Key};
use crate::response::Response;

pub(super) fn variants() -> Vec<Fault> {
    [paths(), balance(), endpoints()]
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

/// Answers in this status for what is below a path, whoever asks with a key.
fn without(path: &'static str, status: StatusCode) -> impl Hook<Option<Response>, AccountAccess> {
    move |refusal, access| {
        if access.path.starts_with(path) && access.key == Key::Known {
            let response = Response::error(status, "not_available", "Not for this key.", json!({}));
            *refusal = Some(response);
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

pub(super) fn set(object: &mut Map<String, Value>, key: &str, value: Value) {
    object.insert(key.to_owned(), value);
}
