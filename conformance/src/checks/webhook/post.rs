//! `webhook.post`

use super::super::{Check, Judge, Judgement, Level, Needs, Observation, Submissions};
use crate::contract::request::Operation;
use crate::evidence::Evidence;

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
    judge: Judge::Together(judge),
};

/// A webhook delivery is recorded as an exchange in which the server is the sender: with a response where it came, with a
/// failure where it never came.
fn judge(evidence: &Evidence<'_>) -> Vec<Observation> {
    (evidence.deliveries.iter())
        .map(|(number, delivery)| {
            let judgement = match &delivery.outcome {
                Ok(_) => Judgement::Satisfied,
                Err(failure) => {
                    Judgement::violated("a POST to the webhook", failure.detail.clone())
                }
            };
            Observation::of(*number, judgement)
        })
        .collect()
}
