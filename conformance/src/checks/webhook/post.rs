//! `webhook.post`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::judgement::Judgement;
use crate::checks::needs::{Needs, Submissions};
use crate::contract::request::Operation;
use crate::exchange::Exchange;

pub(in crate::checks) static CHECK: Check = Check {
    id: "webhook.post",
    level: Level::Must,
    text: "A job with a `webhook_url` sends it a POST when it finishes. What the POST carries is open.",
    source: "the submission page: `webhook_url`",
    applies: |request| matches!(request.operation(), Operation::Delivery(_)),
    needs: Needs {
        submissions: Submissions::Accepted(1),
        deliveries: true,
        ..Needs::JOB
    },
    judge: Judge::Each(judge),
};

/// A webhook delivery is recorded as an exchange in which the server is the sender: with a response where it came, with a
/// failure where it never came.
fn judge(delivery: &Exchange) -> Judgement {
    match &delivery.outcome {
        Ok(_) => Judgement::Satisfied,
        Err(failure) => Judgement::violated("a POST to the webhook", failure.detail.clone()),
    }
}
