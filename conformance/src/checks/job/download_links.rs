//! `job.download-links`

use super::super::{Check, Judge, Judgement, Level, Needs, Observation, jobs, response};
use serde_json::{Map, Value};

use crate::evidence::{Evidence, text};
use crate::generated::contract::job::status;

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.download-links",
    level: Level::Doc,
    text: "`download_url` and `download_urls` hold links only when the job is `completed`; a completed job with a `result_count` above 0 has a `download_url`.",
    source: "the provider's documentation: batch status",
    applies: jobs::asks,
    needs: Needs::JOB,
    judge: Judge::Together(judge),
};

fn judge(evidence: &Evidence<'_>) -> Vec<Observation> {
    jobs::judge_states(evidence, |job, _| judge_one(job))
}

fn judge_one(job: &Map<String, Value>) -> Judgement {
    let Some(status) = text(job, "status") else {
        return Judgement::not_applicable("no response had a string under `status`");
    };
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
    let results = job
        .get("result_count")
        .and_then(response::integer)
        .unwrap_or(0);
    if results > 0 && text(job, "download_url").is_none_or(|url| url.is_empty()) {
        return Judgement::violated(
            format!("a `download_url`, with a `result_count` of {results}"),
            format!(
                "`download_url`: {}",
                job.get("download_url").unwrap_or(&Value::Null)
            ),
        );
    }
    Judgement::Satisfied
}
