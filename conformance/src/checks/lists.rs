//! Reading pages of the list of jobs.

use http::StatusCode;
use serde_json::{Map, Value};

use crate::checks::judgement::Judgement;
use crate::checks::response::inconclusive;
use crate::contract::request::{Credential, Operation};
use crate::evidence;
use crate::exchange::{Exchange, Request};
use crate::generated::contract::list::limit;

/// Whether `request` asks for a list with the key of the run.
pub(super) fn asks(request: &Request) -> bool {
    request.operation() == Operation::List && request.credential() == Credential::Configured
}

/// Whether it asks for the newest jobs, whatever their status.
pub(super) fn is_plain(request: &Request) -> bool {
    asks(request)
        && request.query_value("cursor").is_none()
        && request.query_value("status").is_none()
}

/// The page that a request was answered with.
pub(super) fn page(exchange: &Exchange) -> Option<&Map<String, Value>> {
    evidence::state(exchange)
}

/// The ids of the jobs on a page, where each has one.
pub(super) fn ids(exchange: &Exchange) -> Option<Vec<&str>> {
    evidence::ids(page(exchange)?)
}

/// Judges a page that was asked for with the key.
pub(super) fn judge_page(
    exchange: &Exchange,
    judge: impl FnOnce(&Map<String, Value>) -> Judgement,
) -> Judgement {
    if !asks(&exchange.request) {
        return Judgement::not_applicable("asked for without the key");
    }
    match (page(exchange), inconclusive(exchange)) {
        (Some(page), _) => judge(page),
        (None, Some(why)) => Judgement::not_applicable(why),
        (None, None) => Judgement::not_applicable("the response was not a JSON object"),
    }
}

/// Whether a list is refused in a way that is about what was asked for, or fails.
pub(super) fn is_refused(exchange: &Exchange) -> bool {
    matches!(
        exchange.status(),
        Some(
            StatusCode::BAD_REQUEST
                | StatusCode::NOT_FOUND
                | StatusCode::UNPROCESSABLE_ENTITY
                | StatusCode::INTERNAL_SERVER_ERROR
        )
    )
}

/// The limit that a request sets, within the bounds; `None` where it is no number.
pub(super) fn limit(request: &Request) -> Option<i64> {
    let asked = match request.query_value("limit") {
        None => i64::from(limit::DEFAULT),
        Some(limit) => limit.parse().ok()?,
    };
    Some(asked.clamp(limit::MIN.into(), limit::MAX.into()))
}

/// Whether a page has all jobs that the request is about: it begins with the newest, is not full, and says that there
/// are no more.
pub(super) fn is_whole(exchange: &Exchange) -> bool {
    let request = &exchange.request;
    let has_more = page(exchange).and_then(|page| page.get("has_more")?.as_bool());
    let count = ids(exchange).map_or(0, |ids| ids.len() as i64);
    asks(request)
        && request.query_value("cursor").is_none()
        && has_more == Some(false)
        && limit(request).is_some_and(|limit| count < limit)
}
