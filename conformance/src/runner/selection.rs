//! The probes of the catalogue that the selected checks need. What a run sends of them is not decided here.

use std::collections::HashSet;

use super::config::RunConfig;
use super::likely;
use crate::checks::Check;
use crate::contract::expectation::{Expectation, Reason};
use crate::probes::Probe;
use crate::probes::catalogue::Catalogue;

/// The probes of the catalogue that the selected checks need.
pub(super) struct Probes {
    /// Submissions that a correct server refuses, those first that can reveal most.
    pub(super) refusals: Vec<Probe>,
    /// How many of those are sent however long that takes: one for each rule.
    pub(super) first_refusals: usize,
    /// Submissions that every run with a budget sends.
    pub(super) baseline: Vec<Probe>,
    /// Submissions for when a baseline probe is refused.
    pub(super) isolated: Vec<Probe>,
}

impl Probes {
    pub(super) fn of(config: &RunConfig, webhook_url: String) -> Self {
        let mut catalogue =
            Catalogue::new(config.seed, webhook_url).with_profile_urls(config.profile_urls.clone());
        // A check that needs some accepted jobs, but not of each form, is content with the first baseline probes.
        let needed = |(n, probe): (usize, Probe)| {
            let request = probe.request();
            let wants = |check: &&Check| check.wants_after(n, &request);
            config.checks.iter().any(wants).then_some(probe)
        };
        let mut refusals = catalogue.refusals();
        refusals.retain(|probe| config.needs(&probe.request()));
        let baseline = (catalogue.baseline().into_iter().enumerate())
            .filter_map(needed)
            .collect();
        let mut isolated = catalogue.isolated();
        isolated.retain(|probe| {
            let request = probe.request();
            (config.checks.iter()).any(|check| check.wants_isolated(&request))
        });
        let rules: HashSet<Reason> = refusals.iter().filter_map(first_reason).collect();
        let mut probes = Self {
            refusals: Vec::new(),
            first_refusals: rules.len(),
            baseline,
            isolated,
        };
        if let (Some(minutes), Some(rpm)) = (config.max_minutes, config.rpm) {
            let others = likely::requests(config, &probes);
            let left = minutes.saturating_mul(rpm.into()).saturating_sub(others);
            let left = usize::try_from(left).unwrap_or(usize::MAX);
            refusals.truncate(left.max(probes.first_refusals));
        }
        probes.refusals = refusals;
        probes
    }
}

fn first_reason(probe: &Probe) -> Option<Reason> {
    match probe.request().expectation() {
        Expectation::Refuse(reasons) => reasons.first().copied(),
        _ => None,
    }
}
