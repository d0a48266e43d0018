//! `client.all-identifiers`

use crate::checks::check::{Check, Level};
use crate::checks::client::not_shown::NOT_SHOWN;
use crate::checks::fix::Fix;
use crate::checks::needs::Needs;

pub(in crate::checks) static CHECK: Check = Check {
    id: "client.all-identifiers",
    level: Level::Must,
    text: "Every identifier that it was given is submitted, and in one job only.",
    source: "the submission page",
    fix: Fix::in_client(
        "Cut the list by one function that puts each identifier into one job, and send the last, shorter one, too.",
    ),
    applies: |_| false,
    needs: Needs::NOTHING,
    judge: NOT_SHOWN,
};
