//! `submit.webhook-url`

use crate::checks::acceptance;
use crate::checks::acceptance::Clause;
use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::needs::Needs;
use crate::contract::expectation::Feature;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.webhook-url",
    level: Level::Must,
    text: "A request with a `webhook_url` is accepted.",
    source: "the submission page: `webhook_url`",
    fix: Fix::in_server(
        "Accept the key in every submission; what is at the URL matters when the job is over, not now.",
    ),
    applies: |request| acceptance::uses(request, Feature::WebhookUrl),
    needs: Needs::COMPARED,
    judge: Judge::Acceptance(Clause::of(|feature| feature == Feature::WebhookUrl)),
};
