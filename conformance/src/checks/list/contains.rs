//! `list.contains`

use super::super::{Check, Judge, Judgement, Level, Needs, Observation, Submissions, lists};
use crate::contract::request::Operation;
use crate::evidence::{Evidence, text};

pub(in crate::checks) static CHECK: Check = Check {
    id: "list.contains",
    level: Level::Seen,
    text: "A job just accepted is listed.",
    source: "follows from the others",
    applies: lists::is_plain,
    needs: Needs {
        submissions: Submissions::Accepted(1),
        ..Needs::NOTHING
    },
    judge: Judge::Together(judge),
};

fn judge(evidence: &Evidence<'_>) -> Vec<Observation> {
    let mut newest: Option<&str> = None;
    let mut observations = Vec::new();
    if !evidence.ids_are_sound {
        return observations;
    }
    for (number, exchange) in &evidence.exchanges {
        if exchange.request.operation() == Operation::Submit {
            if let Some(id) = exchange
                .accepted_object()
                .and_then(|job| text(job, "batch_id"))
            {
                newest = Some(id);
            }
        } else if lists::is_plain(&exchange.request)
            && let (Some(ids), Some(id)) = (lists::ids(exchange), newest)
        {
            observations.push(Observation::of(
                *number,
                if ids.contains(&id) {
                    Judgement::Satisfied
                } else {
                    Judgement::violated(format!("{id} in the list"), "a list without it")
                },
            ));
        }
    }
    observations
}
