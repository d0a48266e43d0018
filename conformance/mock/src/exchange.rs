//! The way of one exchange with the API: what every request goes through, whatever its route.

use std::mem;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use serde_json::json;

use crate::answer::Answer;
use crate::config::Clock;
use crate::effect::Effect;
use crate::instance::Instance;
use crate::received::ReceivedRequest;

/// One request to the API, whole.
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    /// The body, or the status and the message for one that is too long, too late or broke off.
    pub(crate) body: Result<Bytes, (StatusCode, String)>,
}

/// What answers a call. It neither waits nor performs I/O.
pub(crate) type Route = fn(&Instance, &Call) -> Answer;

/// Answers one request: time passes, the request is counted, the limits are asked, the route answers,
/// and the effects have the last word.
pub(crate) async fn exchange(
    instance: Arc<Instance>,
    mut request: Request,
    route: Route,
) -> Response {
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let headers = mem::take(request.headers_mut());
    let reading = Bytes::from_request(request, &());
    let body = match tokio::time::timeout(instance.config.read_timeout, reading).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(rejection)) => Err((rejection.status(), rejection.body_text())),
        Err(_) => Err((
            StatusCode::REQUEST_TIMEOUT,
            "The body did not come in time.".to_owned(),
        )),
    };
    let call = Call {
        method,
        uri,
        headers,
        body,
    };
    let body = call.body.as_ref().cloned().unwrap_or_default();
    let received = ReceivedRequest::new(call.method.clone(), &call.uri, &call.headers, body);
    instance.state().received.add(received.clone());
    if let Clock::Ticking(step) = instance.config.clock {
        instance.advance(step);
    }
    let mut answer = limited(&instance, &call, route);
    for effect in &instance.effects {
        match effect {
            Effect::Delay(time) => tokio::time::sleep(*time).await,
            Effect::Every(edit) => edit(&mut answer),
            _ => {}
        }
    }
    let mut response = answer.render(&call.headers);
    for effect in &instance.effects {
        if let Effect::Headers(edit) = effect {
            let status = response.status();
            edit(response.headers_mut(), status);
        }
    }
    instance.log(&received, response.status());
    response
}

/// The route's answer, unless the server is unavailable or the request is one too many.
fn limited(instance: &Instance, call: &Call, route: Route) -> Answer {
    let admitted = {
        let mut state = instance.state();
        state.stats.requests += 1;
        let requests = state.stats.requests;
        let unavailable = |effect: &Effect| match effect {
            Effect::Unavailable(every) => requests.is_multiple_of(*every),
            _ => false,
        };
        if instance.effects.iter().any(unavailable) {
            let message = "The server is busy. Nothing was done.";
            return Answer::error(
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                message,
                json!({}),
            );
        }
        let now = instance.now(&state);
        state.rate.admit(now)
    };
    match admitted {
        Ok(rate) => {
            let mut answer = route(instance, call);
            answer.rate.get_or_insert(rate);
            answer
        }
        Err(rate) => {
            let mut answer = Answer::too_many_requests("Too many requests.");
            answer.rate = Some(rate);
            answer
        }
    }
}
