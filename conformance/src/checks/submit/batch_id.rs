//! `submit.batch-id`

use std::collections::HashMap;

use serde_json::Value;

use crate::checks::check::{Check, Judge, Level};
use crate::checks::course::Course;
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
    applies: response::is_valid,
    needs: Needs::JUDGED,
    judge: Judge::Course(|| Box::<Given>::default()),
};

/// The ids that were given so far, each with the number of the exchange.
#[derive(Debug, Default)]
struct Given {
    ids: HashMap<JobId, usize>,
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
            match self.ids.insert(JobId::of(id), seen.number) {
                None => Judgement::Satisfied,
                Some(earlier) => Judgement::violated(
                    "a `batch_id` of its own",
                    format!("{id}, which exchange {earlier} was given before"),
                ),
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
