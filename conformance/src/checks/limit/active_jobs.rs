//! `limit.active-jobs`

use std::collections::{BTreeMap, BTreeSet};

use http::StatusCode;

use crate::checks::check::{Check, Judge, Level};
use crate::checks::course::Course;
use crate::checks::fix::Fix;
use crate::checks::judgement::{Judgement, Tally, Violations};
use crate::checks::needs::{Needs, Submissions};
use crate::checks::response;
use crate::contract::expectation::Feature;
use crate::evidence::{Evidence, Seen};
use crate::generated::contract::{limits, status_code};

pub(in crate::checks) static CHECK: Check = Check {
    id: "limit.active-jobs",
    level: Level::Doc,
    text: "At most {limits::ACTIVE_JOBS} jobs of an account are pending or processing; one submission more gives {status_code::TOO_MANY_REQUESTS}.",
    source: "the provider's documentation: limits",
    fix: Fix::in_both(
        "Count the account's pending and processing jobs in the transaction that makes a job, and answer {status_code::TOO_MANY_REQUESTS} where {limits::ACTIVE_JOBS} are active.",
        "Count your own active jobs, and wait for one to end where a submission gets {status_code::TOO_MANY_REQUESTS}.",
    ),
    applies: response::is_valid,
    needs: Needs {
        submissions: Submissions::OneTooMany,
        ..Needs::JOB
    },
    judge: Judge::Course(|| Box::<OneTooMany>::default()),
};

/// Any refusal but 429 may be for what the request is, unless such requests are fine elsewhere: that is known at
/// the end only.
#[derive(Debug, Default)]
struct OneTooMany {
    /// The refusals of each set of features, by their status.
    refused: BTreeMap<(StatusCode, Vec<Feature>), Violations>,
    /// The statuses with which valid submissions were refused while fewer jobs were active.
    refused_below: BTreeSet<StatusCode>,
    /// Whether one was refused as it must be, so that the others are refused for something else.
    throttled: bool,
}

fn expected() -> String {
    format!(
        "{}, with {} jobs active",
        status_code::TOO_MANY_REQUESTS,
        limits::ACTIVE_JOBS
    )
}

impl Course for OneTooMany {
    fn push(&mut self, seen: &Seen<'_>, tally: &mut Tally) {
        for settled in &seen.settled {
            let exchange = &settled.exchange;
            let Some(valid) = exchange.request.expectation().valid() else {
                continue;
            };
            if settled.beyond_the_limit != Some(true) {
                let status = exchange.status().filter(|status| !status.is_success());
                self.refused_below.extend(status);
                continue;
            }
            let judgement = match exchange.status() {
                Some(StatusCode::TOO_MANY_REQUESTS) => {
                    self.throttled = true;
                    Judgement::Satisfied
                }
                Some(status) if status.is_success() => {
                    Judgement::violated(expected(), response::got(exchange))
                }
                Some(status) if response::inconclusive(exchange).is_none() => {
                    let kind = (status, valid.features.clone());
                    let refused = self.refused.entry(kind).or_default();
                    let got = response::got(exchange);
                    refused.violated(settled.number, exchange, &expected(), got);
                    continue;
                }
                _ => Judgement::not_applicable(EXCUSE),
            };
            tally.add_of(settled.number, exchange, judgement);
        }
    }

    fn conclude(&self, evidence: &Evidence, tally: &mut Tally) {
        let accepted = &evidence.account().accepted_features;
        let below = evidence
            .unsettled()
            .filter_map(|settled| settled.exchange.status());
        let below: BTreeSet<StatusCode> = self.refused_below.iter().copied().chain(below).collect();
        for ((status, features), refused) in &self.refused {
            let is_of_the_limit = !self.throttled && !below.contains(status);
            if is_of_the_limit && features.iter().all(|feature| accepted.contains(feature)) {
                tally.violations.extend(refused);
            } else {
                tally.excuse(EXCUSE);
            }
        }
    }
}

const EXCUSE: &str = "refused, but not known to be for this";
