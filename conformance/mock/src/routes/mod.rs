//! What is where: one file for each operation of the API, and one for the download store.

mod access;
mod account;
mod job;
mod list;
mod report;
mod store;
mod submit;
mod usage;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{self, StatusCode};
use axum::routing::{get, post};
use axum::{Extension, Router};
use serde_json::json;

use crate::exchange::{Call, Route, exchange};
use crate::generated::contract;
use crate::instance::Instance;
use crate::response::Response;
use crate::tap::Origin;

/// Largest body that is read; beyond it the response is 413.
const BODY_MAX: usize = 4 * 1024 * 1024;

/// What a store with an origin of its own responds to. Whatever else is asked for is not there.
pub(super) fn store_router(instance: Arc<Instance>) -> Router {
    let origin = Origin(instance.store_url.clone());
    Router::new()
        .route(store::PATH, get(store::download))
        .fallback(api(nothing_there, None))
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(Extension(origin))
        .with_state(instance)
}

/// Everything that an instance responds to.
pub(super) fn router(instance: Arc<Instance>) -> Router {
    let origin = Origin(instance.base_url.clone());
    let gets: [(&'static str, Route); 6] = [
        (contract::job::PATH, job::respond),
        (contract::list::PATH, list::respond),
        (contract::account::credits::PATH, account::credits),
        (contract::account::endpoints::PATH, account::endpoints),
        (contract::usage::PATH, usage::list),
        (contract::usage::EVENT_PATH, usage::event),
    ];
    let submit = contract::submit::PATH;
    let mut router = Router::new().route(submit, post(api(submit::respond, Some(submit))));
    for (path, route) in gets {
        router = router.route(path, get(api(route, Some(path))));
    }
    router
        .method_not_allowed_fallback(api(
            |_, call| {
                let (path, method) = (&call.request.path, &call.request.method);
                let message = format!("{path} does not take {method}.");
                let status = StatusCode::METHOD_NOT_ALLOWED;
                Response::error(status, "method_not_allowed", message, json!({}))
            },
            None,
        ))
        .fallback(api(nothing_there, None))
        .route(store::PATH, get(store::download))
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(Extension(origin))
        .with_state(instance)
}

/// The response where there is no operation.
fn nothing_there(_: &Instance, call: &Call) -> Response {
    Response::not_found(format!("There is nothing at {}.", call.request.path))
}

type Responding = Pin<Box<dyn Future<Output = http::Response<Body>> + Send>>;

/// Makes a handler of a route, which is at the path of an operation or at none.
fn api(
    route: Route,
    endpoint: Option<&'static str>,
) -> impl Fn(State<Arc<Instance>>, Request) -> Responding + Clone + Send + Sync + 'static {
    move |State(instance), request| Box::pin(exchange(instance, request, route, endpoint))
}
