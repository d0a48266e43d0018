//! `usage.request-id`

use http::StatusCode;

use crate::checks::accounts;
use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::contract::request::Operation;
use crate::evidence::{Requested, Seen, Submission, events, state};
use crate::generated::contract::usage::limit;

pub(in crate::checks) static CHECK: Check = Check {
    id: "usage.request-id",
    level: Level::Doc,
    text: "An accepted submission's `{header::REQUEST_ID}`, where the response has one, is found as an event, in the \
           list and by its id, within 60 s (about {usage::EVENT_DELAY_SECONDS} s is documented).",
    source: "the provider's documentation: usage events",
    fix: Fix::in_both(
        "Record an event for every accepted submission, also one that costs nothing, under the id that its response carries.",
        "Keep `{header::REQUEST_ID}` of each submission: it finds what was charged.",
    ),
    applies: accounts::asks_for_events,
    needs: Needs::CHARGED,
    judge: Judge::Course(|| Box::new(accounts::Each(judge))),
};

/// Seconds after which an event that is not there is missed.
pub(crate) const PATIENCE: u32 = 60;

fn judge(seen: &Seen<'_>) -> Option<Judgement> {
    let exchange = seen.exchange;
    if !accounts::asks(&exchange.request) {
        return None;
    }
    match exchange.request.operation() {
        Operation::Event(id) => {
            let requested = seen.evidence.requests().find(id)?;
            if !is_accepted(requested) || !accounts::has_path(seen) {
                return None;
            }
            if events(exchange).any(|event| event.get("event_id").is_some_and(|is| is == id)) {
                return Some(Judgement::Satisfied);
            }
            let lacks = exchange.accepted() || exchange.status() == Some(StatusCode::NOT_FOUND);
            (lacks && requested.is_older_than(PATIENCE, exchange))
                .then(|| Judgement::violated(format!("the event {id}"), response::got(exchange)))
        }
        Operation::Events => judge_list(seen),
        _ => None,
    }
}

/// A list that has all events, without a filter, has those of all submissions that are old enough.
fn judge_list(seen: &Seen<'_>) -> Option<Judgement> {
    let exchange = seen.exchange;
    let page = state(exchange)?;
    let most = limit::MAX.to_string();
    let whole = exchange
        .request
        .destination
        .as_str()
        .ends_with(&format!("?limit={most}"))
        && page.get("has_more")?.as_bool() == Some(false);
    // A page of another form is the business of `usage.shape`.
    let ids = (page.get("events")?.as_array()?.iter()).map(|event| event.get("event_id")?.as_str());
    let listed = ids.collect::<Option<Vec<&str>>>()?;
    let mut due = (seen.evidence.requests().all()).filter(|(_, requested)| {
        is_accepted(requested) && requested.is_older_than(PATIENCE, exchange)
    });
    if !whole {
        return due
            .any(|(id, _)| listed.contains(&id))
            .then_some(Judgement::Satisfied);
    }
    let mut due = due.peekable();
    due.peek()?;
    Some(match due.find(|(id, _)| !listed.contains(id)) {
        None => Judgement::Satisfied,
        Some((id, _)) => Judgement::violated(
            format!("the event {id} among all"),
            format!("{} events without it", listed.len()),
        ),
    })
}

fn is_accepted(requested: &Requested) -> bool {
    matches!(requested.submission, Some(Submission::Accepted { .. }))
}
