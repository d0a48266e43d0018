//! Who may see jobs, the list and the account.

use crate::exchange::Call;
use crate::generated::contract::{API_VERSION, header};
use crate::instance::Instance;
use crate::jobs::Phase;
use crate::key::{AccountAccess, Key, Locked, Target};
use crate::response::Response;

/// The refusal of a request for a job or the list whose key is not valid.
pub(super) fn refusal(
    instance: &Instance,
    call: &Call,
    target: Target,
    phase: Option<Phase>,
) -> Option<Response> {
    let key = Key::read(&call.request.headers, &instance.config.key);
    if key == Key::Known {
        return None;
    }
    let mut refusal = Some(Response::unauthorized());
    let locked = Locked {
        key,
        target,
        phase,
        query: call.request.query.clone().unwrap_or_default(),
    };
    instance.hooks.locked.apply(&mut refusal, &locked);
    refusal
}

/// The refusal of a request about the account whose key is not valid, or whose version is not the API's.
pub(super) fn account_refusal(instance: &Instance, call: &Call) -> Option<Response> {
    let request = &call.request;
    if !instance.conduct.has_account {
        return Some(Response::not_found(format!(
            "There is nothing at {}.",
            request.path
        )));
    }
    let version = request.headers.get(header::API_VERSION);
    let access = AccountAccess {
        path: request.path.clone(),
        key: Key::read(&request.headers, &instance.config.key),
        version: version.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
    };
    let mut refusal = None;
    if access.key != Key::Known {
        refusal = Some(Response::unauthorized());
    } else if access.version.as_deref() != Some(API_VERSION) {
        let message = format!("The header {} must be {API_VERSION}.", header::API_VERSION);
        refusal = Some(Response::bad_request(message));
    }
    instance.hooks.account_access.apply(&mut refusal, &access);
    refusal
}
