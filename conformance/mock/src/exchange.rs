//! The way of one exchange with the API: what every request goes through, whatever its route.

use std::mem;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{self, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::config::Clock;
use crate::generated::contract::usage;
use crate::instance::Instance;
use crate::key::Key;
use crate::ledger::Event;
use crate::received::ReceivedRequest;
use crate::response::{Framing, Payload, Response};
use crate::tap::{Origin, Watch};

/// One request to the API, whole.
pub(crate) struct Call {
    pub(crate) id: String,
    pub(crate) request: Arc<ReceivedRequest>,
    /// The status and the message for a body that is too long, too late or broke off.
    pub(crate) broken: Option<(StatusCode, String)>,
}

/// What responds to a call. It neither waits nor performs I/O.
pub(crate) type Route = fn(&Instance, &Call) -> Response;

/// Responds to one request: the request is counted and time passes, the rate limit admits it, the route
/// responds, and the hooks on every response come last.
pub(crate) async fn exchange(
    instance: Arc<Instance>,
    mut request: Request,
    route: Route,
    endpoint: Option<&'static str>,
) -> http::Response<Body> {
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let origin = request.extensions().get::<Origin>().cloned();
    let headers = mem::take(request.headers_mut());
    let reading = Bytes::from_request(request, &());
    let (body, broken) = match tokio::time::timeout(instance.config.read_timeout, reading).await {
        Ok(Ok(body)) => (body, None),
        Ok(Err(rejection)) => (
            Bytes::new(),
            Some((rejection.status(), rejection.body_text())),
        ),
        Err(_) => {
            let message = "The body did not come in time.".to_owned();
            (Bytes::new(), Some((StatusCode::REQUEST_TIMEOUT, message)))
        }
    };
    let call = Call {
        id: Uuid::new_v4().to_string(),
        request: Arc::new(ReceivedRequest::new(method, &uri, headers, body)),
        broken,
    };
    let origin = origin.map_or_else(|| instance.base_url.clone(), |origin| origin.0);
    let mut watch = Watch::new(instance.tap(), call.request.clone(), origin);
    let mut response = respond(&instance, &call, route, endpoint);
    if call.broken.is_some() {
        // What is left of the body is no request.
        response.framing = Framing::Close;
    }
    response.request_id = Some(call.id.clone());
    if !instance.conduct.latency.is_zero() {
        tokio::time::sleep(instance.conduct.latency).await;
    }
    if !response.held.is_zero() {
        tokio::time::sleep(response.held / instance.config.clock.times()).await;
    }
    instance.hooks.response.apply(&mut response, &());
    response.lead_to(&instance.store_url);
    record(&instance, &call, &mut response, endpoint);
    if let Some(log) = instance.log() {
        log(&call.request, response.status);
    }
    let (framing, body) = (response.framing, response.bytes());
    let rendered = response.render(body.clone(), &call.request.headers);
    if framing != Framing::Dropped {
        let body = (framing != Framing::Truncated).then_some(body);
        watch.answer(rendered.status(), rendered.headers(), body);
    }
    rendered
}

/// Leaves a usage event, where somebody knows whose it is: requests without a valid key, and those to no operation, leave
/// none. Nor do those to the usage itself, unless they are throttled.
fn record(
    instance: &Instance,
    call: &Call,
    response: &mut Response,
    endpoint: Option<&'static str>,
) {
    let mut state = instance.state();
    let now = instance.now(&state);
    response.date = Some(instance.date(now));
    let is_throttled = response.status == StatusCode::TOO_MANY_REQUESTS;
    let leaves = |endpoint: &&str| !endpoint.starts_with(usage::PATH) || is_throttled;
    let is_known = Key::read(&call.request.headers, &instance.config.key) == Key::Known;
    let Some(endpoint) = endpoint.filter(leaves).filter(|_| is_known) else {
        return;
    };
    let event = Event {
        id: response
            .request_id
            .clone()
            .unwrap_or_else(|| call.id.clone()),
        endpoint,
        request: call.request.clone(),
        status: response.status.as_u16(),
        error: match &response.body {
            _ if response.status.is_success() => Value::Null,
            Payload::Json(body) => body.clone(),
            Payload::Text(text) => json!(text),
        },
        at: now,
        charge: response.charge.take(),
    };
    let mut appears = Some(now.saturating_add(state.event_delay));
    instance.hooks.event_appears.apply(&mut appears, &event);
    state.ledger.record(event, appears);
}

/// The route's response, unless the server is unavailable or the request is throttled.
fn respond(
    instance: &Instance,
    call: &Call,
    route: Route,
    endpoint: Option<&'static str>,
) -> Response {
    let mut state = instance.state();
    state.received.add(call.request.clone());
    if let Clock::Ticking(step) = instance.config.clock {
        instance.advance(&mut state, step);
    }
    state.stats.requests += 1;
    let is_due = |every| state.stats.requests.is_multiple_of(every);
    if instance.conduct.unavailable_every.is_some_and(is_due) {
        let message = "The server is busy. Nothing was done.";
        let status = StatusCode::SERVICE_UNAVAILABLE;
        return Response::error(status, "unavailable", message, json!({}));
    }
    let now = instance.now(&state);
    let admitted = state.rates.admit(endpoint, now);
    drop(state);
    let (mut response, rate) = match admitted {
        Ok(rate) => (route(instance, call), rate),
        Err(rate) => (Response::too_many_requests("Too many requests."), rate),
    };
    response.rate.get_or_insert(rate);
    response
}
