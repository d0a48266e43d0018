//! `job.same-job`

use serde_json::Value;

use crate::checks::check::{Check, Judge, Level};
use crate::checks::fix::Fix;
use crate::checks::jobs;
use crate::checks::judgement::Judgement;
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::evidence::{Claim, Poll};
use crate::generated::contract::job;

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.same-job",
    level: Level::Doc,
    text: "Id, entity, action and, where given, the two counts are those of the submit response.",
    source: "the provider's documentation: batch status",
    fix: Fix::in_server(
        "Look the job up by its whole id, and copy id, entity, action and counts from what the submission wrote.",
    ),
    applies: jobs::asks,
    needs: Needs::REPORTED,
    judge: Judge::Poll(judge),
};

/// A value of the submit response that is wrong itself is the business of that response's clauses.
fn judge(poll: &Poll<'_>) -> Option<Judgement> {
    let job = poll.state?;
    let claimed = |key: &str| match key {
        job::ID_KEY => Some(Claim::Text(poll.id)),
        _ => poll.submitted.claimed(key),
    };
    let differs = |key: &&str| match (job.get(*key), claimed(key)) {
        (Some(now), Some(then)) => differs(key, now, then),
        _ => false,
    };
    Some(match KEYS.iter().copied().find(differs) {
        None => Judgement::Satisfied,
        Some(key) => Judgement::violated(
            format!(
                "`{key}`: {}, as submitted",
                claimed(key).map_or(Value::Null, Value::from)
            ),
            format!("`{key}`: {}", job[key]),
        ),
    })
}

/// Whether a value is another one than before: ids may be written in either case, and null says nothing.
fn differs(key: &str, now: &Value, then: Claim<'_>) -> bool {
    match (now, then) {
        (Value::Null, _) => false,
        (Value::String(now), Claim::Text(then)) if key == job::ID_KEY => {
            !now.eq_ignore_ascii_case(then)
        }
        // The type is the business of `job.required-keys`.
        (Value::Number(_), Claim::Count(then)) => {
            response::integer(now).is_some_and(|now| now != then as i128)
        }
        (Value::String(now), Claim::Text(then)) => now != then,
        (_, Claim::Count(_)) => true,
        _ => false,
    }
}

const KEYS: [&str; 5] = [
    job::ID_KEY,
    "entity",
    "action",
    "identifier_count",
    "entities_requested",
];
