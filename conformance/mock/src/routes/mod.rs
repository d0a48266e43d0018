//! What is where: one file for each operation of the API, and one for the download store.

mod job;
pub(super) mod list;
pub(super) mod store;
mod submit;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::json;

use crate::answer::Answer;
use crate::effect::{Effect, Locked, Target};
use crate::exchange::{Call, Route, exchange};
use crate::generated::contract;
use crate::instance::Instance;
use crate::submission::Key;

/// Largest body that is read; beyond it the answer is 413.
const BODY_MAX: usize = 4 * 1024 * 1024;

/// Everything that an instance answers.
pub(super) fn router(instance: Arc<Instance>) -> Router {
    Router::new()
        .route(contract::submit::PATH, post(api(submit::answer)))
        .route(contract::job::PATH, get(api(job::answer)))
        .route(contract::list::PATH, get(api(list::answer)))
        .method_not_allowed_fallback(api(|_, call| {
            let message = format!("{} does not take {}.", call.uri.path(), call.method);
            Answer::error(
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                message,
                json!({}),
            )
        }))
        .fallback(api(|_, call| {
            let message = format!("There is nothing at {}.", call.uri.path());
            Answer::error(StatusCode::NOT_FOUND, "not_found", message, json!({}))
        }))
        .route(store::PATH, get(store::download))
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .with_state(instance)
}

type Answering = Pin<Box<dyn Future<Output = Response> + Send>>;

/// Makes a handler of a route.
fn api(
    route: Route,
) -> impl Fn(State<Arc<Instance>>, Request) -> Answering + Clone + Send + Sync + 'static {
    move |State(instance), request| Box::pin(exchange(instance, request, route))
}

/// The refusal of a request for a job or the list whose key is not valid, unless an effect lets it pass.
fn locked(instance: &Instance, call: &Call, target: Target) -> Option<Answer> {
    let key = Key::read(&call.headers, &instance.config.key);
    let locked = Locked { key, target };
    let passes = |effect: &Effect| match effect {
        Effect::Unlock(unlocks) => unlocks(&locked),
        _ => false,
    };
    if key == Key::Known || instance.effects.iter().any(passes) {
        return None;
    }
    let mut answer = Answer::unauthorized();
    for effect in &instance.effects {
        if let Effect::Lock(edit) = effect {
            edit(&mut answer, &locked);
        }
    }
    Some(answer)
}
