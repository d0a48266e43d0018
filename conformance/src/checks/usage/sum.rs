//! `usage.sum`

use serde_json::Value;

use crate::checks::accounts;
use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::evidence::Seen;

pub(in crate::checks) static CHECK: Check = Check {
    id: "usage.sum",
    level: Level::Doc,
    text: "The lines of `cost_components` add up to `credits_used`.",
    source: "the provider's documentation: usage events",
    fix: Fix::in_server(
        "Write `credits_used` as the sum of the lines in `cost_components`, not beside them.",
    ),
    applies: accounts::asks_for_events,
    needs: Needs::RECORDED,
    judge: Judge::Course(|| Box::new(accounts::Each(|seen| accounts::each_event(seen, judge)))),
};

/// Lines of which one has no amount that can be read say nothing.
fn judge(_: &Seen<'_>, event: &Value) -> Option<Judgement> {
    let all = event.get("credits_used")?.as_f64()?;
    let lines = event.get("cost_components")?.as_array()?;
    let sum = (lines.iter()).try_fold(0.0, |sum, line| Some(sum + amount(line)?))?;
    Some(if accounts::is_same(sum, all) {
        Judgement::Satisfied
    } else {
        Judgement::violated(
            format!("lines that add up to {all} credits"),
            format!("{} lines of {sum} credits", lines.len()),
        )
    })
}

/// The name of a line's amount is open.
fn amount(line: &Value) -> Option<f64> {
    let keys = ["credits", "credits_used"].iter();
    keys.filter_map(|key| line.get(key)).find_map(Value::as_f64)
}
