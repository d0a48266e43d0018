//! `submit.status-url`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::generated::contract::job;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.status-url",
    level: Level::Must,
    text: "`status_url` is the relative URL of this job's status.",
    source: "the submission page: `status_url`",
    fix: Fix::in_both(
        "Build the URL from the id of this job, as `{job::PATH}`, relative: without scheme and host.",
        "Resolve it against the base URL, and send no key where that leads to another origin.",
    ),
    applies: response::is_valid,
    needs: Needs::JUDGED,
    judge: Judge::Each(|exchange| {
        response::judge_str(exchange, "batch_id", |id| {
            response::judge_constant(exchange, "status_url", &job::PATH.replace("{batch_id}", id))
        })
    }),
};
