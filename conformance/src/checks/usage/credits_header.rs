//! `usage.credits-header`

use serde_json::Value;

use crate::checks::accounts;
use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::evidence::Seen;

pub(in crate::checks) static CHECK: Check = Check {
    id: "usage.credits-header",
    level: Level::Doc,
    text: "An event's `credits_used` is what the response's `{header::CREDITS_USED}` said, where it had one.",
    source: "the provider's documentation: usage events",
    fix: Fix::in_both(
        "Take header and event from one number.",
        "Believe the event where the two differ: it is the provider's record.",
    ),
    applies: accounts::asks_for_events,
    needs: Needs::CHARGED,
    judge: Judge::Course(|| Box::new(accounts::Each(|seen| accounts::each_event(seen, judge)))),
};

fn judge(seen: &Seen<'_>, event: &Value) -> Option<Judgement> {
    let id = event.get("event_id")?.as_str()?;
    let said = seen.evidence.requests().find(id)?.credits?;
    let shown = event.get("credits_used")?.as_f64()?;
    Some(if accounts::is_same(said, shown) {
        Judgement::Satisfied
    } else {
        Judgement::violated(
            format!("{said} credits, as the response to {id} said"),
            format!("`credits_used`: {shown}"),
        )
    })
}
