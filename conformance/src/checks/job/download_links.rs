//! `job.download-links`

use serde_json::{Map, Value};

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::jobs;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::evidence::{Poll, text};
use crate::generated::contract::job::status;

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.download-links",
    level: Level::Doc,
    text: "`download_url` and `download_urls` hold links only when the job is `completed`; a completed job with a `result_count` above 0 has a `download_url`.",
    source: "the provider's documentation: batch status",
    fix: Fix::in_both(
        "Leave both keys null until the job is `completed`, and write `download_url` in the same step as that status wherever there is a result.",
        "Look for links in a completed job only.",
    ),
    applies: jobs::asks,
    needs: Needs::REPORTED,
    judge: Judge::Poll(judge),
};

fn judge(poll: &Poll<'_>) -> Option<Judgement> {
    poll.state.map(|job| judge_one(job, poll.listed))
}

/// The list of jobs has no links.
fn judge_one(job: &Map<String, Value>, listed: bool) -> Judgement {
    let Some(status) = text(job, "status") else {
        return Judgement::not_applicable("no response had a string under `status`");
    };
    // That is the business of `job.status` alone.
    if !status::VALUES.contains(&status) {
        return Judgement::not_applicable("a `status` that no job has");
    }
    let holds = |key: &str| job.get(key).is_some_and(|value| !response::is_empty(value));
    if status != status::COMPLETED {
        return match ["download_url", "download_urls"]
            .iter()
            .find(|key| holds(key))
        {
            None => Judgement::Satisfied,
            Some(key) => Judgement::violated(
                format!("no link while {status}"),
                format!("`{key}`: {}", job[*key]),
            ),
        };
    }
    let results = job.get("result_count").and_then(response::integer);
    let merged = job.get("download_url").unwrap_or(&Value::Null);
    let has_results = results.is_some_and(|results| results > 0);
    if has_results && !listed && response::is_empty(merged) {
        return Judgement::violated(
            format!(
                "a `download_url`, with a `result_count` of {}",
                results.unwrap_or_default()
            ),
            format!("`download_url`: {merged}"),
        );
    }
    if !response::is_empty(merged) && !is_link(merged) {
        return Judgement::violated("a link", format!("`download_url`: {merged}"));
    }
    let parts = job.get("download_urls").unwrap_or(&Value::Null);
    let is_list = |parts: &Value| {
        parts
            .as_array()
            .is_some_and(|links| links.iter().all(is_link))
    };
    if !response::is_empty(parts) && !is_list(parts) {
        return Judgement::violated("a list of links", format!("`download_urls`: {parts}"));
    }
    Judgement::Satisfied
}

fn is_link(value: &Value) -> bool {
    let url = value.as_str().and_then(|text| url::Url::parse(text).ok());
    url.is_some_and(|url| matches!(url.scheme(), "http" | "https"))
}
