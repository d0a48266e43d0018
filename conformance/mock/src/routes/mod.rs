//! What is where: one file for each operation of the API, and one for the download store.

mod access;
mod job;
mod list;
mod report;
mod store;
mod submit;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{self, StatusCode};
use axum::routing::{get, post};
use axum::{Extension, Router};
use serde_json::json;

use crate::exchange::{Route, exchange};
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
        .fallback(api(|_, call| {
            Response::not_found(format!("There is nothing at {}.", call.request.path))
        }))
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(Extension(origin))
        .with_state(instance)
}

/// Everything that an instance responds to.
pub(super) fn router(instance: Arc<Instance>) -> Router {
    let origin = Origin(instance.base_url.clone());
    Router::new()
        .route(contract::submit::PATH, post(api(submit::respond)))
        .route(contract::job::PATH, get(api(job::respond)))
        .route(contract::list::PATH, get(api(list::respond)))
        .method_not_allowed_fallback(api(|_, call| {
            let (path, method) = (&call.request.path, &call.request.method);
            let message = format!("{path} does not take {method}.");
            let status = StatusCode::METHOD_NOT_ALLOWED;
            Response::error(status, "method_not_allowed", message, json!({}))
        }))
        .fallback(api(|_, call| {
            Response::not_found(format!("There is nothing at {}.", call.request.path))
        }))
        .route(store::PATH, get(store::download))
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(Extension(origin))
        .with_state(instance)
}

type Responding = Pin<Box<dyn Future<Output = http::Response<Body>> + Send>>;

/// Makes a handler of a route.
fn api(
    route: Route,
) -> impl Fn(State<Arc<Instance>>, Request) -> Responding + Clone + Send + Sync + 'static {
    move |State(instance), request| Box::pin(exchange(instance, request, route))
}
