//! `client.active-jobs`

use crate::checks::check::{Check, Judge, Level};
use crate::checks::course::Course;
use crate::checks::fix::Fix;
use crate::checks::judgement::{Judgement, Tally};
use crate::checks::needs::Needs;
use crate::evidence::{Evidence, Seen, Settled};
use crate::generated::contract::limits;

pub(in crate::checks) static CHECK: Check = Check {
    id: "client.active-jobs",
    level: Level::Doc,
    text: "It never has more than {limits::ACTIVE_JOBS} active jobs, and a sixth submission's {status_code::TOO_MANY_REQUESTS} is waited out.",
    source: "the provider's documentation: limits",
    fix: Fix::in_client(
        "Let at most {limits::ACTIVE_JOBS} jobs be active at once, and when a submission gets {status_code::TOO_MANY_REQUESTS}, wait for one of them to end and submit then.",
    ),
    applies: |_| false,
    needs: Needs::NOTHING,
    judge: Judge::Course(|| Box::<ActiveJobs>::default()),
};

/// A submission that is refused is not an active job, so only those that were accepted are judged.
#[derive(Debug, Default)]
struct ActiveJobs;

impl Course for ActiveJobs {
    fn push(&mut self, seen: &Seen<'_>, tally: &mut Tally) {
        for settled in &seen.settled {
            judge(settled, tally);
        }
    }

    fn conclude(&self, evidence: &Evidence, tally: &mut Tally) {
        for settled in evidence.unsettled() {
            judge(settled, tally);
        }
    }
}

fn judge(settled: &Settled, tally: &mut Tally) {
    if !settled.exchange.accepted() {
        return;
    }
    let judgement = match settled.beyond_the_limit {
        Some(true) => Judgement::violated(
            format!("at most {} active jobs", limits::ACTIVE_JOBS),
            "one more was submitted while as many were active",
        ),
        Some(false) => Judgement::Satisfied,
        None => Judgement::not_applicable("too many submissions to tell which jobs were active"),
    };
    tally.add_of(settled.number, &settled.exchange, judgement);
}
