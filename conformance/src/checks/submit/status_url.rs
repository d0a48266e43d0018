//! `submit.status-url`

use super::super::{Check, Judge, Level, Needs, response};
use crate::generated::contract::job;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.status-url",
    level: Level::Must,
    text: "`status_url` is the relative URL of this job's status.",
    source: "the submission page: `status_url`",
    applies: response::is_valid,
    needs: Needs::JUDGED,
    judge: Judge::Each(|exchange| {
        response::judge_str(exchange, "batch_id", |id| {
            response::judge_constant(exchange, "status_url", &job::PATH.replace("{batch_id}", id))
        })
    }),
};
