//! `submit.batch-id`

use serde_json::Value;

use crate::checks::check::{Check, Judge, Level};
use crate::checks::course::Course;
use crate::checks::fix::Fix;
use crate::checks::judgement::{Judgement, Other, Tally};
use crate::checks::latest::Latest;
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::evidence::{JobId, Seen, is_uuid, text};
use crate::generated::contract::job;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.batch-id",
    level: Level::Must,
    text: "`batch_id` is a UUID, and no two jobs share one.",
    source: "the submission page: `batch_id`",
    fix: Fix::in_both(
        "Give each accepted job a fresh UUID, with its hyphens; never make it from the request.",
        "Store the id before you do anything else with the response: a job that is paid for can be read by nothing else.",
    ),
    applies: response::is_valid,
    needs: Needs::JUDGED,
    judge: Judge::Course(|| Box::<Given>::default()),
};

/// The ids that were given so far are in the evidence.
#[derive(Debug, Default)]
struct Given {
    /// The exchanges of the newest of them.
    newest: Latest<JobId>,
}

impl Course for Given {
    fn push(&mut self, seen: &Seen<'_>, tally: &mut Tally) {
        if !response::is_valid(&seen.exchange.request) {
            return;
        }
        let judgement = response::judge_str(seen.exchange, job::ID_KEY, |id| {
            if !is_uuid(id) {
                return Judgement::violated("a UUID", format!("`batch_id`: {}", Value::from(id)));
            }
            match seen.evidence.given(id) {
                Some(first) if first.exchange as usize == seen.number => Judgement::Satisfied,
                Some(first) if first.is_repeated_by(seen.exchange) => {
                    Judgement::not_applicable("an identical submission, which may be the same job")
                }
                Some(first) => Judgement::violated(
                    "a `batch_id` of its own",
                    format!("{id}, which exchange {} was given before", first.exchange),
                ),
                None => Judgement::not_applicable("too many ids to remember"),
            }
        });
        let id = seen.exchange.accepted_object();
        let id = id.and_then(|job| text(job, job::ID_KEY)).map(JobId::of);
        tally.add_against(
            seen,
            judgement,
            id.as_ref().and_then(|id| self.newest.get(id)),
        );
        if let Some(id) = id {
            self.newest.set_first(id, || Other::of(seen));
        }
    }
}
