//! What a scenario is: how the mock is set up, what the client is given, and how it is to end.

use std::time::Duration;

use crustdata_mock::{JobOutcome, JobTiming, MockConfig, RateLimit, UnknownFault};

/// Something that may happen to a client.
#[derive(Debug, Clone, Copy)]
pub struct Scenario {
    /// Its name; permanent.
    pub name: &'static str,
    /// What happens, in a sentence.
    pub about: &'static str,
    /// The clauses that it makes a mistake against likely. Those that every exchange shows are judged beside them.
    pub clauses: &'static [&'static str],
    /// How the mock departs from the plain one: variants, mishaps and faults by name.
    pub(super) departures: &'static [&'static str],
    /// How many identifiers the client is given.
    pub(super) identifiers: usize,
    pub(super) mock: Setting,
    pub(super) ends: Ends,
    /// The clause that the client's records are judged by; `None` where they are not judged.
    pub(super) records: Option<&'static str>,
    /// Judged only where the client ended with success in the scenario of this name: else it can't be told what it
    /// stumbled over.
    pub(super) after: Option<&'static str>,
    /// When the client is stopped.
    pub limit: Duration,
}

/// How the mock is set up beside its departures.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting {
    /// How long a job takes.
    pub(super) job: Duration,
    pub(super) outcome: JobOutcome,
    /// How many requests are admitted in all, whatever they are for.
    pub(super) rate: RateLimit,
    /// Whether the mock accepts a job beyond the limit on active ones.
    pub(super) unlimited: bool,
    /// Jobs of somebody else on the same account that were submitted just before.
    pub(super) others: usize,
    /// Requests of somebody else that were sent just before.
    pub(super) requests: usize,
}

/// How a client is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    /// With success; any other end violates this clause.
    Works(&'static str),
    /// With failure; success violates this clause.
    Fails(&'static str),
    /// With success where it found the job and read it, else with failure.
    Unknown,
    /// With success where everything was done, else with failure.
    Honest,
    /// As it likes: the server errs, and only the traffic is judged.
    Either,
}

/// The job of a scenario that is not about its time.
const JOB: Duration = Duration::from_millis(1500);

impl Scenario {
    /// A compliant server, three identifiers, and a client that is to end with success.
    pub(super) const fn new(
        name: &'static str,
        about: &'static str,
        clauses: &'static [&'static str],
        ends: Ends,
    ) -> Self {
        Self {
            name,
            about,
            clauses,
            departures: &[],
            identifiers: 3,
            mock: Setting {
                job: JOB,
                outcome: JobOutcome::Completed,
                rate: RateLimit::GENEROUS,
                unlimited: false,
                others: 0,
                requests: 0,
            },
            ends,
            records: Some("client.results"),
            after: None,
            limit: Duration::from_secs(60),
        }
    }

    pub(super) const fn departs(mut self, departures: &'static [&'static str]) -> Self {
        self.departures = departures;
        self
    }

    pub(super) const fn identifiers(mut self, count: usize) -> Self {
        self.identifiers = count;
        self
    }

    pub(super) const fn mock(mut self, mock: Setting) -> Self {
        self.mock = mock;
        self
    }

    pub(super) const fn records(mut self, clause: Option<&'static str>) -> Self {
        self.records = clause;
        self
    }

    pub(super) const fn after(mut self, name: &'static str) -> Self {
        self.after = Some(name);
        self
    }

    pub(super) const fn limit(mut self, seconds: u64) -> Self {
        self.limit = Duration::from_secs(seconds);
        self
    }

    /// The identifiers that the client is given: no two scenarios share one.
    pub(super) fn identifier_list(&self) -> Vec<String> {
        (1..=self.identifiers)
            .map(|number| {
                format!(
                    "https://www.linkedin.com/in/conformance-{}-{number}/",
                    self.name
                )
            })
            .collect()
    }

    /// The mock of this scenario. Contacts are found for every other identifier.
    pub(super) fn config(&self) -> Result<MockConfig, UnknownFault> {
        let mut config = MockConfig {
            outcome: self.mock.outcome,
            key_rate: Some(self.mock.rate),
            separate_store: true,
            profiles: self.identifier_list().into_iter().step_by(2).collect(),
            timing: JobTiming {
                pending: self.mock.job / 3,
                processing: self.mock.job - self.mock.job / 3,
            },
            ..MockConfig::default()
        };
        if self.mock.unlimited {
            config.max_active_jobs = usize::MAX;
        }
        for name in self.departures {
            config = config.fault(name)?;
        }
        Ok(config)
    }
}
