//! The probes of the catalogue that the selected checks need. What a run sends of them is not decided here.

use std::collections::HashSet;
use std::sync::Arc;

use super::config::RunConfig;
use super::likely;
use super::sample::Sample;
use crate::checks::Check;
use crate::contract::expectation::{Expectation, Reason};
use crate::exchange::Request;
use crate::probes::Probe;
use crate::probes::catalogue::Catalogue;

/// The probes of the catalogue that the selected checks need.
pub(super) struct Probes {
    /// Submissions that a correct server refuses, those first that can reveal most.
    pub(super) refusals: Vec<(Probe, Request)>,
    /// How many of those are sent however long that takes: one for each rule.
    pub(super) first_refusals: usize,
    /// Those once more, about other profiles, for when the server is in another state.
    pub(super) again: Vec<Probe>,
    /// Submissions that every run with a budget sends, as far as that goes, and whose jobs are followed to their end.
    pub(super) baseline: Vec<Probe>,
    /// Submissions for when a baseline probe is refused.
    pub(super) isolated: Vec<Probe>,
    /// What stands for the generated cases where it is reckoned what is sent.
    pub(super) sample: Arc<Sample>,
}

impl Probes {
    pub(super) fn of(config: &RunConfig, webhook_base: String) -> Self {
        Self::with(config, webhook_base, Sample::of(config.seed))
    }

    /// The same, with the sample of the seed that others reckon with, too.
    pub(super) fn with(config: &RunConfig, webhook_base: String, sample: Arc<Sample>) -> Self {
        let mut catalogue = Catalogue::new(config.seed, webhook_base)
            .with_profile_urls(config.profile_urls.clone())
            .without(config.trial.without);
        // A check that needs some accepted jobs, but not of each form, is content with the first baseline probes.
        let needed = |(n, probe): (usize, Probe)| {
            let request = probe.request();
            let wants = |check: &&Check| check.wants_after(n, &request);
            config.checks.iter().any(wants).then_some(probe)
        };
        let baseline = catalogue.baseline();
        let most = config.max_jobs.map_or(u64::MAX, |most| {
            most.saturating_sub(baseline.len() as u64 + 1)
        });
        let combined = catalogue.combined().into_iter();
        let combined = combined.take(usize::try_from(most).unwrap_or(usize::MAX));
        let accepted = baseline.into_iter().chain(combined).enumerate();
        let baseline = accepted.filter_map(needed).collect();
        let mut isolated = catalogue.isolated();
        isolated.retain(|probe| {
            let request = probe.request();
            (config.checks.iter()).any(|check| check.wants_isolated(&request))
        });
        let mut probes = Self {
            refusals: Vec::new(),
            first_refusals: 0,
            again: Vec::new(),
            baseline,
            isolated,
            sample,
        };
        let most = most_refusals(config, &probes);
        let mut rules = HashSet::new();
        let each_rule = Reason::ALL.len();
        for (n, (probe, request)) in catalogue.refusals().enumerate() {
            let none_is_needed = probes.refusals.is_empty() && n >= each_rule;
            if none_is_needed || probes.refusals.len() >= most.max(each_rule) {
                break;
            }
            if config.needs(&request) {
                rules.extend(first_reason(&request));
                probes.refusals.push((probe, request));
            }
        }
        // What a server does right after a refusal is part of what its jobs show.
        if config.embedded && probes.refusals.is_empty() && !probes.baseline.is_empty() {
            probes.refusals.extend(catalogue.refusals().next());
            rules.extend(
                probes
                    .refusals
                    .iter()
                    .filter_map(|(_, request)| first_reason(request)),
            );
        }
        probes.first_refusals = rules.len();
        probes.refusals.truncate(most.max(rules.len()));
        let first = probes.refusals.iter().take(rules.len());
        probes.again = first.filter_map(|(probe, _)| again(probe)).collect();
        probes
    }
}

fn again(probe: &Probe) -> Option<Probe> {
    Some(Probe {
        name: format!("{}, again", probe.name),
        submission: probe.submission.anew()?,
    })
}

/// The most refusals that the run has a depth for, and time for at its pace.
fn most_refusals(config: &RunConfig, others: &Probes) -> usize {
    let most = config.refusals.unwrap_or(usize::MAX);
    let (Some(minutes), Some(rpm)) = (config.max_minutes, config.rpm) else {
        return most;
    };
    let requests = minutes.saturating_mul(rpm.into());
    let left = requests.saturating_sub(likely::requests(config, others));
    most.min(usize::try_from(left).unwrap_or(usize::MAX))
}

fn first_reason(request: &Request) -> Option<Reason> {
    match request.expectation() {
        Expectation::Refuse(reasons) => reasons.first().copied(),
        _ => None,
    }
}
