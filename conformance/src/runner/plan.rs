//! What a run sends at most, known before anything is sent: a ceiling on requests, jobs, profiles and minutes that the
//! run never passes. What it is likely to send is in `likely`.

use std::fmt;

use serde::Serialize;

use super::config::RunConfig;
use super::likely;
use super::preflight;
use super::requests;
use super::selection::Probes;
use super::shrink;
use crate::generated::contract::{
    prices,
    submit::{identifiers, webhook_url},
};
use crate::probes::Probe;
use crate::probes::submission::Body;

/// Polls that one job may take until it is over.
const POLLS_PER_JOB: u64 = 30;
/// Requests that may be sent once more because the server throttled them, or because they are reads that were cut off.
const REPEATS: u64 = 60;

/// What a run sends.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Plan {
    /// The most requests, with all polls of jobs and all repeats; `None` on the embedded mock, which bills nobody.
    pub requests: Option<u64>,
    /// How many of those are for shrinking what generated cases show.
    pub shrinking: u64,
    /// Requests to a compliant server whose jobs are over after some seconds.
    pub likely: u64,
    /// The most jobs that a correct server accepts.
    pub jobs: u64,
    /// Submissions of the catalogue that a correct server refuses, each of which a faulty one may accept.
    pub refusals: u64,
    /// The most profiles in the jobs.
    pub profiles: u64,
    /// Requests a minute, where there is a pace.
    pub rpm: Option<u32>,
}

impl Plan {
    /// What `config` amounts to.
    pub fn of(config: &RunConfig) -> Self {
        let probes = Probes::of(config, webhook_url::EXAMPLE.to_owned());
        let cases = u64::from(config.cases);
        // Each of those may be sent a second time.
        let submissions = (probes.baseline.len() + 2 * probes.isolated.len()) as u64;
        let wanted = submissions + u64::from(!probes.baseline.is_empty()) + cases;
        let jobs = config.max_jobs.map_or(wanted, |most| most.min(wanted));
        let refusals = probes.refusals.len() as u64;
        let shrinking = if cases > 0 {
            shrink::MOST_STEPS as u64
        } else {
            0
        };
        let requests = preflight::REQUESTS
            + requests::MOST
            + refusals
            + submissions
            + jobs * requests::MOST_PER_JOB
            + cases
            + shrinking
            + jobs * POLLS_PER_JOB
            + REPEATS;
        // No submission has more profiles than a case may have.
        let of_cases = jobs.min(cases);
        let catalogue = probes.baseline.iter().chain(&probes.isolated);
        let mut profiles: Vec<u64> = catalogue.map(self::profiles).collect();
        profiles.sort_unstable_by(|a, b| b.cmp(a));
        let of_catalogue = usize::try_from(jobs - of_cases).unwrap_or(usize::MAX);
        let of_catalogue = profiles.iter().take(of_catalogue).sum::<u64>();
        Self {
            requests: (!config.embedded).then_some(requests),
            shrinking,
            likely: likely::requests(config, &probes),
            jobs,
            refusals,
            profiles: of_cases * identifiers::MAX as u64 + of_catalogue,
            rpm: config.rpm,
        }
    }

    /// The most credits that a correct server charges: all contact kinds for each profile.
    pub fn credits(&self) -> f64 {
        self.profiles as f64 * prices::PERSON
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            shrinking,
            likely,
            jobs,
            refusals,
            profiles,
            ..
        } = self;
        let Some(requests) = self.requests else {
            return write!(
                f,
                "likely about {likely} requests to the embedded mock, which bills nobody"
            );
        };
        write!(f, "at most {requests} requests")?;
        if *shrinking > 0 {
            write!(
                f,
                " ({shrinking} of them to shrink what a generated case shows)"
            )?;
        }
        write!(f, ", likely about {likely}")?;
        write!(
            f,
            "; accepted jobs: at most {jobs}, profiles in them: at most {profiles}, credits at worst: {}",
            self.credits()
        )?;
        if *refusals > 0 {
            write!(f, "; submissions that a correct server refuses: {refusals}")?;
        }
        if let Some(rpm) = self.rpm {
            let minutes = |requests: u64| requests.div_ceil(u64::from(rpm.max(1)));
            let (most, likely) = (minutes(requests), minutes(*likely));
            write!(
                f,
                "; minutes at the pace: at most {most}, likely about {likely}"
            )?;
        }
        Ok(())
    }
}

fn profiles(probe: &Probe) -> u64 {
    match (
        probe.request().expectation().named(),
        &probe.submission.body,
    ) {
        (Some(_), Body::Object(contents)) => contents.count.max(contents.profile_urls.len()) as u64,
        _ => 0,
    }
}
