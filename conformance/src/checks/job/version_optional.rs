//! `job.version-optional`

use std::collections::HashMap;

use crate::checks::check::{Check, Judge, Level};
use crate::checks::course::Course;
use crate::checks::fix::Fix;
use crate::checks::judgement::{Judgement, Tally, Violations};
use crate::checks::needs::Needs;
use crate::checks::response;
use crate::contract::request::{Credential, Operation, Version};
use crate::evidence::{Evidence, JobId, Seen};

pub(in crate::checks) static CHECK: Check = Check {
    id: "job.version-optional",
    level: Level::Seen,
    text: "`{header::API_VERSION}` is not required here. (Two pages say so; the provider's own code says that it is.)",
    source: "the provider's documentation: batch status, list of batches; its own client says otherwise",
    fix: Fix::in_both(
        "Ask for `{header::API_VERSION}` where a submission is made, and not where its status is read.",
        "Send the header all the same: the provider's own client does.",
    ),
    applies: |request| {
        matches!(request.operation(), Operation::Job(_))
            && request.credential() == Credential::Configured
    },
    needs: Needs::JOB,
    judge: Judge::Course(|| Box::<Missed>::default()),
};

/// The most jobs that are remembered for not being found yet.
const MOST_MISSED: usize = 100;

/// Only jobs that are found with the header can be missed without it.
#[derive(Debug, Default)]
struct Missed {
    /// The polls that did not find a job which was not found with the header either, so far.
    jobs: HashMap<JobId, Violations>,
}

const EXPECTED: &str = "200 without the header, as with it";

impl Course for Missed {
    fn push(&mut self, seen: &Seen<'_>, tally: &mut Tally) {
        let Some(poll) = &seen.poll else { return };
        if poll.found
            && !self.jobs.is_empty()
            && let Some(missed) = self.jobs.remove(&JobId::of(poll.id))
        {
            tally.violations.extend(&missed);
        }
        let exchange = seen.exchange;
        if exchange.request.version() != Version::Absent {
            return;
        }
        if poll.state.is_some() {
            tally.add(seen, Judgement::Satisfied);
        } else if let Some(why) = response::inconclusive(exchange) {
            tally.add(seen, Judgement::not_applicable(why));
        } else if poll.found {
            tally.add(seen, Judgement::violated(EXPECTED, response::got(exchange)));
        } else if self.jobs.len() < MOST_MISSED {
            let missed = self.jobs.entry(JobId::of(poll.id)).or_default();
            missed.violated(seen.number, exchange, EXPECTED, response::got(exchange));
        }
    }

    fn conclude(&self, _: &Evidence, tally: &mut Tally) {
        if !self.jobs.is_empty() {
            tally.excuse("the job was not found with the header either");
        }
    }
}
