//! `job.error-message`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::jobs;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::evidence::{Poll, text};
use crate::generated::contract::job::status;

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.error-message",
    level: Level::Doc,
    text: "`error_message` says something only when the job has an error.",
    source: "the provider's documentation: batch status",
    fix: Fix::in_both(
        "Leave `error_message` null unless something went wrong with the job; progress and praise don't belong there.",
        "Show it to your user where there is one.",
    ),
    applies: jobs::asks,
    needs: Needs::REPORTED,
    judge: Judge::Poll(judge),
};

/// A job that is completed and yet fell short may well have something to say.
fn judge(poll: &Poll<'_>) -> Option<Judgement> {
    poll.state.map(|job| {
        let count = |key: &str| job.get(key).and_then(response::integer);
        let healthy = match text(job, "status") {
            Some(status::PENDING | status::PROCESSING) => true,
            Some(status::COMPLETED) => count("result_count") >= count("entities_requested"),
            _ => false,
        };
        match job.get("error_message") {
            Some(message) if healthy && !response::is_empty(message) => {
                Judgement::violated("no `error_message`", format!("`error_message`: {message}"))
            }
            _ => Judgement::Satisfied,
        }
    })
}
