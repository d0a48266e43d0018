//! The way of one exchange with the API: what every request goes through, whatever its route.

use std::mem;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{self, StatusCode};
use serde_json::json;

use crate::config::Clock;
use crate::instance::Instance;
use crate::received::ReceivedRequest;
use crate::response::{Framing, Response};
use crate::tap::{Origin, Watch};

/// One request to the API, whole.
pub(crate) struct Call {
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
        request: Arc::new(ReceivedRequest::new(method, &uri, headers, body)),
        broken,
    };
    let origin = origin.map_or_else(|| instance.base_url.clone(), |origin| origin.0);
    let mut watch = Watch::new(instance.tap(), call.request.clone(), origin);
    let mut response = respond(&instance, &call, route);
    if !instance.conduct.latency.is_zero() {
        tokio::time::sleep(instance.conduct.latency).await;
    }
    if !response.held.is_zero() {
        tokio::time::sleep(response.held / instance.config.clock.times()).await;
    }
    instance.hooks.response.apply(&mut response, &());
    response.lead_to(&instance.store_url);
    if let Some(log) = instance.log() {
        log(&call.request, response.status);
    }
    let (framing, body) = (response.framing, response.bytes());
    let rendered = response.render(&call.request.headers);
    if framing != Framing::Dropped {
        let body = (framing != Framing::Truncated).then_some(body);
        watch.answer(rendered.status(), rendered.headers(), body);
    }
    rendered
}

/// The route's response, unless the server is unavailable or the request is throttled.
fn respond(instance: &Instance, call: &Call, route: Route) -> Response {
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
    let admitted = state.rate.admit(now);
    drop(state);
    let (mut response, rate) = match admitted {
        Ok(rate) => (route(instance, call), rate),
        Err(rate) => (Response::too_many_requests("Too many requests."), rate),
    };
    response.rate.get_or_insert(rate);
    response
}
