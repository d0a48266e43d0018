//! The probes of the catalogue that the selected checks need. What a run sends of them is not decided here.

use super::config::RunConfig;
use crate::checks::Check;
use crate::probes::Probe;
use crate::probes::catalogue::Catalogue;

/// The probes of the catalogue that the selected checks need.
pub(super) struct Probes {
    /// Submissions that a correct server refuses.
    pub(super) refusals: Vec<Probe>,
    /// Submissions that every run with a budget sends.
    pub(super) baseline: Vec<Probe>,
    /// Submissions for when a baseline probe is refused.
    pub(super) isolated: Vec<Probe>,
}

impl Probes {
    pub(super) fn of(config: &RunConfig, webhook_url: String) -> Self {
        let mut catalogue =
            Catalogue::new(config.seed, webhook_url).with_profile_urls(config.profile_urls.clone());
        if !config.embedded {
            catalogue = catalogue.minimal();
        }
        // A check that needs some accepted jobs, but not of each form, is content with the first baseline probes.
        let needed = |probes: Vec<Probe>, before: usize| {
            let wanted = |(n, probe): (usize, Probe)| {
                let request = probe.request();
                let wants = |check: &&Check| check.wants_after(before + n, &request);
                config.checks.iter().any(wants).then_some(probe)
            };
            (probes.into_iter().enumerate())
                .filter_map(wanted)
                .collect()
        };
        let mut refusals = catalogue.refusals();
        refusals.retain(|probe| config.needs(&probe.request()));
        let baseline = catalogue.baseline();
        let several = baseline.len();
        Self {
            refusals,
            baseline: needed(baseline, 0),
            isolated: needed(catalogue.isolated(), several),
        }
    }
}
