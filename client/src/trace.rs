//! A span for each call, with the feature `tracing`; nothing at all without it. No span or event has the key, a URL
//! or anything of a body in it.

use uuid::Uuid;

use crate::error::{Error, Operation};

/// Runs `call` in a span of its own, at whose end stands the status or the kind of failure. It is not given as a future,
/// which is large and would be copied on its way.
#[cfg(feature = "tracing")]
pub(crate) async fn call<T, F: Future<Output = Result<T, Error>>>(
    operation: Operation,
    batch_id: Option<Uuid>,
    call: impl FnOnce() -> F,
) -> Result<T, Error> {
    use tracing::Instrument as _;
    use tracing::field::Empty;

    let span = tracing::info_span!(
        "crustdata_batch",
        operation = operation.name(),
        batch_id = batch_id.map(tracing::field::display),
        status = Empty,
        outcome = Empty,
    );
    let result = call().instrument(span.clone()).await;
    match &result {
        Ok(_) => {
            span.record("outcome", "ok");
        }
        Err(error) => {
            span.record("outcome", error.kind_name());
            if let Some(status) = error.status() {
                span.record("status", status);
            }
            tracing::warn!(parent: &span, "the call failed");
        }
    }
    result
}

/// Names the job that the current call has had accepted.
#[cfg(feature = "tracing")]
pub(crate) fn accepted(batch_id: Uuid) {
    // Looking the current span up costs something even where nobody listens.
    if !tracing::dispatcher::has_been_set() {
        return;
    }
    tracing::Span::current().record("batch_id", tracing::field::display(batch_id));
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn accepted(_: Uuid) {}

/// Without the feature, a call is just a call.
#[cfg(not(feature = "tracing"))]
pub(crate) async fn call<T, F: Future<Output = Result<T, Error>>>(
    _: Operation,
    _: Option<Uuid>,
    call: impl FnOnce() -> F,
) -> Result<T, Error> {
    call().await
}
