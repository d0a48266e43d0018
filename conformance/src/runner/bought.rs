//! What budgets buy: how deep a run within each of them goes into each clause, counted over what that run is likely to
//! send.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Method};
use serde::Serialize;

use super::config::RunConfig;
use super::likely;
use super::sample::Sample;
use super::selection::Probes;
use super::spending::Spending;
use crate::checks::{Check, Submissions};
use crate::exchange::Request;
use crate::generated::contract::submit::webhook_url;
use crate::probes::Probe;
use crate::probes::submission::Body;

/// What a budget buys.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Bought {
    /// Most accepted jobs, as `--max-jobs`.
    pub max_jobs: u64,
    /// Minutes for what a correct server refuses, as `--max-minutes`.
    pub max_minutes: u64,
    /// Requests to a compliant server, likely.
    pub requests: u64,
    /// Minutes that these take at the pace.
    pub minutes: u64,
    /// Jobs that a compliant server accepts, likely.
    pub jobs: u64,
    /// Clauses that are judged.
    pub clauses: usize,
    /// Clauses that are selected.
    pub of: usize,
    /// How deep each clause is gone into, in their order.
    pub depth: Vec<Depth>,
}

/// How deep a clause is gone into.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Depth {
    /// Id of the clause.
    pub clause: &'static str,
    /// Exchanges that it is judged by; 0 where it is not judged.
    pub exchanges: u64,
}

/// What each of these budgets buys in a run that is otherwise the same. `need_jobs` are the clauses of which a run without
/// jobs judges nothing, whatever it asks.
pub fn bought(config: &RunConfig, budgets: &[Spending], need_jobs: &[&str]) -> Vec<Bought> {
    let sample = Sample::of(config.seed);
    let within = |budget: &Spending| of(&budget.applied_to(config), &sample, need_jobs);
    budgets.iter().map(within).collect()
}

fn of(config: &RunConfig, sample: &Arc<Sample>, need_jobs: &[&str]) -> Bought {
    let probes = Probes::with(config, webhook_url::EXAMPLE.to_owned(), sample.clone());
    let (jobs, _) = likely::jobs(config, &probes);
    let too_many = likely::tries_one_too_many(config, jobs);
    let mut counts = vec![0; config.checks.len()];
    let (mut requests, mut accepted) = (0, 0);
    likely::each(config, &probes, &mut |request, times| {
        requests += times;
        let is_valid = request.expectation().valid().is_some();
        accepted += if is_valid { times } else { 0 };
        for (check, count) in config.checks.iter().zip(&mut counts) {
            if (check.applies)(request) && !(is_valid && waits_for_more(check, too_many)) {
                *count += times;
            }
        }
    });
    if config.webhook.is_some() {
        // Of each job that names a webhook.
        let delivery = delivery();
        let named = probes.baseline.iter().take(jobs).filter(names_webhook);
        let named = named.count() as u64;
        for (check, count) in config.checks.iter().zip(&mut counts) {
            *count += if (check.applies)(&delivery) { named } else { 0 };
        }
    }
    let depth = config.checks.iter().zip(counts);
    let depth: Vec<Depth> = depth
        .map(|(check, exchanges)| Depth {
            clause: check.id,
            exchanges: if jobs == 0 && need_jobs.contains(&check.id) {
                0
            } else {
                exchanges
            },
        })
        .collect();
    Bought {
        max_jobs: config.max_jobs.unwrap_or_default(),
        max_minutes: config.max_minutes.unwrap_or_default(),
        requests,
        minutes: requests.div_ceil(config.rpm.unwrap_or(1).max(1).into()),
        jobs: accepted,
        clauses: depth.iter().filter(|depth| depth.exchanges > 0).count(),
        of: depth.len(),
        depth,
    }
}

/// Whether valid submissions show nothing of the clause as long as no more jobs are tried than may be active.
fn waits_for_more(check: &Check, too_many: bool) -> bool {
    check.needs.submissions == Submissions::OneTooMany && !too_many
}

fn names_webhook(probe: &&Probe) -> bool {
    matches!(&probe.submission.body, Body::Object(contents) if contents.webhook_url.is_some())
}

fn delivery() -> Request {
    let url = webhook_url::EXAMPLE.to_owned();
    Request::new(Method::POST, url, HeaderMap::new(), Bytes::new())
}
