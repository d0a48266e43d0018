//! What a run sends at most, known before anything is sent: the probes themselves, and a ceiling on requests,
//! jobs, profiles and minutes that the run never passes.

use std::fmt;

use super::RunConfig;
use super::scenario;
use crate::checks::Check;
use crate::contract::expectation::Expectation;
use crate::generated::contract::WEBHOOK_URL_EXAMPLE;
use crate::probes::Probe;
use crate::probes::catalogue::Catalogue;
use crate::probes::submission::Body;

/// Looks that one job may take until it is over.
const LOOKS_PER_JOB: u64 = 30;
/// Requests that may be sent once more because the server put them off.
const REPEATS: u64 = 30;

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

/// The most that a run sends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// Requests, with all polls of jobs and all repeats.
    pub requests: u64,
    /// Jobs that a correct server accepts.
    pub jobs: u64,
    /// Submissions that a correct server refuses, each of which a faulty one may accept.
    pub refusals: u64,
    /// Profiles in the jobs.
    pub profiles: u64,
    /// Minutes at the pace; `None` without one.
    pub minutes: Option<u64>,
}

impl Plan {
    /// What `config` amounts to.
    pub fn of(config: &RunConfig) -> Self {
        let probes = Probes::of(config, WEBHOOK_URL_EXAMPLE.to_owned());
        let cases = u64::from(config.cases);
        // Each of those may be sent a second time.
        let submissions = probes.baseline.len() + 2 * probes.isolated.len();
        let wanted = submissions as u64 + u64::from(!probes.baseline.is_empty()) + cases;
        let jobs = config.max_jobs.map_or(wanted, |most| most.min(wanted));
        let refusals = probes.refusals.len() as u64;
        let mut counts: Vec<u64> = (probes.baseline.iter().chain(&probes.isolated))
            .map(identifiers)
            .collect();
        counts.sort_unstable_by(|a, b| b.cmp(a));
        let requests = scenario::REQUESTS
            + refusals
            + submissions as u64
            + jobs * scenario::REQUESTS_PER_JOB
            + cases
            + jobs * LOOKS_PER_JOB
            + REPEATS;
        Self {
            requests,
            jobs,
            refusals,
            profiles: counts
                .iter()
                .take(usize::try_from(jobs).unwrap_or(usize::MAX))
                .sum(),
            minutes: config
                .rpm
                .map(|rpm| requests.div_ceil(u64::from(rpm.max(1)))),
        }
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            requests,
            jobs,
            refusals,
            profiles,
            ..
        } = self;
        write!(
            f,
            "at most {requests} requests, accepted jobs: {jobs}, profiles in them: {profiles}"
        )?;
        if *refusals > 0 {
            write!(f, ", submissions that a correct server refuses: {refusals}")?;
        }
        match self.minutes {
            Some(minutes) => write!(f, ", minutes at the pace: {minutes}"),
            None => Ok(()),
        }
    }
}

fn identifiers(probe: &Probe) -> u64 {
    match (probe.request().expectation(), &probe.submission.body) {
        (Expectation::Accept(_), Body::Object(contents)) => {
            contents.count.max(contents.profile_urls.len()) as u64
        }
        _ => 0,
    }
}
