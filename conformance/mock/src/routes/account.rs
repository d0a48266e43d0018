//! `GET` of the account's credits and of its endpoints.

use axum::http::StatusCode;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::access;
use crate::exchange::Call;
use crate::generated::contract::{self, account, prices, submit};
use crate::instance::Instance;
use crate::rate::RateLimit;
use crate::response::Response;

/// Responds to one request for the balance.
pub(super) fn credits(instance: &Instance, call: &Call) -> Response {
    if let Some(refusal) = access::account_refusal(instance, call) {
        return refusal;
    }
    let credits = instance.state().ledger.balance();
    let body = json!({"account": {
        "credits": credits,
        "recurring_credits": 0,
        "recurring_credits_frequency": null,
        "recurring_credits_refresh_date": null,
        "credit_rollover": false,
    }});
    let mut response = Response::json(StatusCode::OK, body);
    instance.hooks.credits.apply(&mut response, &());
    response
}

/// Responds to one request for what the account may call.
pub(super) fn endpoints(instance: &Instance, call: &Call) -> Response {
    if let Some(refusal) = access::account_refusal(instance, call) {
        return refusal;
    }
    let query = call.request.query.clone().unwrap_or_default();
    let mut response = match filtered(all(instance), &query) {
        Ok(endpoints) => {
            let body = json!({
                "api_version": contract::API_VERSION,
                "token_limit_rpm": instance.conduct.rates.key.map(RateLimit::rpm),
                "endpoints": endpoints,
            });
            Response::json(StatusCode::OK, body)
        }
        Err(message) => Response::bad_request(message),
    };
    instance.hooks.endpoints.apply(&mut response, &query);
    response
}

/// The entries that a query asks for. The error is a message for the caller.
fn filtered(mut entries: Vec<Value>, query: &str) -> Result<Vec<Value>, &'static str> {
    for (key, wanted) in form_urlencoded::parse(query.as_bytes()) {
        let is_status = key == "status";
        if is_status && !account::endpoints::status::VALUES.contains(&&*wanted) {
            return Err("status is not one that an endpoint can have.");
        }
        let of = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
        match &*key {
            "path" | "status" => entries.retain(|entry| of(entry, &key) == wanted),
            "category" => entries.retain(|entry| of(entry, &key).eq_ignore_ascii_case(&wanted)),
            _ => {}
        }
    }
    Ok(entries)
}

/// The submission that this server takes, and its synchronous sister, which it does not have.
fn all(instance: &Instance) -> Vec<Value> {
    let premium = prices::BY_FIELD.iter();
    let premium = premium.map(|(field, credits)| json!({"field": field, "credits": credits}));
    vec![
        json!({
            "path": submit::PATH,
            "category": "Person",
            "status": account::endpoints::status::ENABLED,
            "effective_rate_limit_rpm": instance.conduct.rates.jobs.rpm(),
            "fields": {"enabled": submit::fields::VALUES, "disabled": []},
            "base_credits": 0,
            "premium_filters": [],
            "premium_fields": premium.collect::<Value>(),
        }),
        json!({
            "path": submit::PATH.trim_start_matches("/batch"),
            "category": "Person",
            "status": account::endpoints::status::NOT_ENABLED,
            "effective_rate_limit_rpm": null,
            "fields": {"enabled": [], "disabled": submit::fields::VALUES},
        }),
    ]
}
