//! `usage.expected`

use serde_json::Value;

use crate::checks::accounts::{self, LEAST};
use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::contract::expectation::Expectation;
use crate::evidence::{Seen, Submission};

pub(in crate::checks) static CHECK: Check = Check {
    id: "usage.expected",
    level: Level::Seen,
    text: "What is charged in all for a job is not more than what its delivered kinds cost by the known prices, and \
           nothing where there is no job.",
    source: "follows from the prices of the sister endpoint",
    fix: Fix::in_both(
        "Charge for the kinds that were delivered, once a job, and nothing for who was not found.",
        "Predict the worst case before a submission, and compare what was charged after it.",
    ),
    applies: |request| {
        let refused = matches!(request.expectation(), Expectation::Refuse(_));
        refused || accounts::asks_for_events(request)
    },
    needs: Needs::CHARGED,
    judge: Judge::Course(|| Box::new(accounts::Each(|seen| accounts::each_event(seen, judge)))),
};

fn judge(seen: &Seen<'_>, event: &Value) -> Option<Judgement> {
    let id = event.get("event_id")?.as_str()?;
    let charged = event.get("credits_used")?.as_f64()?;
    let most = match seen.evidence.requests().find(id)?.submission? {
        Submission::Refused => 0.0,
        Submission::Accepted { delivered, .. } => delivered?,
    };
    Some(if charged <= most + LEAST {
        Judgement::Satisfied
    } else {
        Judgement::violated(
            format!("at most {most} credits, by what was delivered"),
            format!("{charged} charged for {id}"),
        )
    })
}
