//! `submit.webhook-url`

use super::super::acceptance;
use super::super::{Check, Judge, Level, Needs};
use crate::contract::expectation::Feature;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.webhook-url",
    level: Level::Must,
    text: "A request with a `webhook_url` is accepted.",
    source: "the submission page: `webhook_url`",
    applies: |request| acceptance::uses(request, Feature::WebhookUrl),
    needs: Needs::COMPARED,
    judge: Judge::Acceptance(|evidence| acceptance::judge_feature(evidence, Feature::WebhookUrl)),
};
