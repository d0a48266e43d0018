//! `submit.status-url`

use super::super::{Check, Judge, Level, Needs, answer};
use crate::generated::contract::job;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.status-url",
    level: Level::Must,
    text: "`status_url` is the relative URL of this job's status.",
    source: "the submission page: `status_url`",
    applies: answer::is_valid,
    needs: Needs::JUDGED,
    judge: Judge::Each(|exchange| {
        answer::judge_str(exchange, "batch_id", |id| {
            answer::judge_constant(exchange, "status_url", &job::PATH.replace("{batch_id}", id))
        })
    }),
};
