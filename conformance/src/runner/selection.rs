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
        Self {
            refusals,
            baseline,
            isolated,
        }
    }
}
