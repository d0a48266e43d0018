//! `client.reports-failure`

use crate::checks::check::{Check, Level};
use crate::checks::client::not_shown::NOT_SHOWN;
use crate::checks::fix::Fix;
use crate::checks::needs::Needs;

pub(in crate::checks) static CHECK: Check = Check {
    id: "client.reports-failure",
    level: Level::Must,
    text: "A failed job, a refused submission ({status_code::BAD_REQUEST}, {status_code::UNAUTHORIZED}, {status_code::INSUFFICIENT_CREDITS}, {status_code::FORBIDDEN}), an unreadable file: it says so (its exit status).",
    source: "the submission page",
    fix: Fix::in_client(
        "End with an error where a job failed, a submission was refused or a file can't be read to its end; partial results are no success.",
    ),
    applies: |_| false,
    needs: Needs::NOTHING,
    judge: NOT_SHOWN,
};
