//! `submit.batch-id`

use std::collections::HashMap;

use serde_json::Value;

use crate::checks::check::{Check, Judge, Level};
use crate::checks::course::Course;
use crate::checks::judgement::{Judgement, Tally};
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::evidence::{JobId, Seen, is_uuid};
use crate::generated::contract::job;

pub(in crate::checks) static CHECK: Check = Check {
    id: "submit.batch-id",
    level: Level::Must,
    text: "`batch_id` is a UUID, and no two jobs share one.",
    source: "the submission page: `batch_id`",
    applies: response::is_valid,
    needs: Needs::JUDGED,
    judge: Judge::Course(|| Box::<Given>::default()),
};

/// The ids that were given so far, each with the number of the exchange.
#[derive(Debug, Default)]
struct Given {
    ids: HashMap<JobId, usize>,
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
            match self.ids.insert(JobId::of(id), seen.number) {
                None => Judgement::Satisfied,
                Some(earlier) => Judgement::violated(
                    "a `batch_id` of its own",
                    format!("{id}, which exchange {earlier} was given before"),
                ),
            }
        });
        tally.add(seen, judgement);
    }
}
