//! `submit.batch-id`

use serde_json::Value;

use crate::checks::check::{Check, Judge, Level};
use crate::checks::course::Course;
use crate::checks::judgement::{Judgement, Tally};
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::evidence::{Seen, is_uuid};
use crate::generated::contract::job;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.batch-id",
    level: Level::Must,
    text: "`batch_id` is a UUID, and no two jobs share one.",
    source: "the submission page: `batch_id`",
    applies: response::is_valid,
    needs: Needs::JUDGED,
    judge: Judge::Course(|| Box::new(Given)),
};

/// The ids that were given so far are in the evidence.
#[derive(Debug)]
struct Given;

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
        tally.add(seen, judgement);
    }
}
