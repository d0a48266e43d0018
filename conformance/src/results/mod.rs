//! What a run found: one value that every report is made from, so that all agree on the verdict. What became of one
//! check is in `check` and how that is found out in `outcome`; how the verdict is reached is in `verdict`, and what its
//! caller decides in `rules`; the lines that bring a finding back are in `repeat`, the jobs' histories in `jobs`, and what
//! the run cost in `cost`.

mod check;
mod client;
mod cost;
mod figures;
mod jobs;
mod outcome;
mod repeat;
mod rules;
mod summary;
mod verdict;

use serde::Serialize;

pub use check::{Against, CheckResult, Finding, Known, Stale, Status};
pub use cost::Cost;
pub use jobs::{JobHistory, Stage};
pub use rules::Rules;

use crate::checks::accounts;
use crate::recording::Recorder;
use crate::runner::RunConfig;
use figures::{counted, milliseconds};

/// Names the form of the JSON that a [`Results`] is written as. A new number means that readers must change;
/// keys may be added without one.
pub const SCHEMA: &str = "crustdata-conformance/results/2";

/// What a run found. E-mail addresses, phone numbers and the signatures of download links are
/// masked in all of it, also in the exchanges.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(title = "Results of a conformance run"))]
pub struct Results {
    /// Always `crustdata-conformance/results/2`.
    #[cfg_attr(feature = "schema", schemars(extend("const" = SCHEMA)))]
    pub schema: &'static str,
    /// The outcome in one word.
    pub verdict: Verdict,
    /// What the verdict rests on, in a sentence; absent when each selected clause was judged and none is violated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// The exit code of the run: 0, 1, 3 or 130, by the verdict.
    pub exit_code: u8,
    /// The server that was checked.
    pub target: Target,
    /// When the run was started, in RFC 3339.
    pub started_at: String,
    /// What the generated values follow from; of a run only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Generated submissions that were asked for, after the catalogue's; of a run only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cases: Option<u32>,
    /// Whether warnings count as violations.
    pub strict: bool,
    /// Why the run ended early, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
    /// Each selected check, in the order of the contract.
    pub checks: Vec<CheckResult>,
    /// The accepted jobs, in the order of their acceptance, and how they went on. Of more than 10,000 those are left out
    /// that were over first.
    pub jobs: Vec<JobHistory>,
    /// Ids of jobs on a server other than the embedded mock that were not seen to be over.
    pub left_running: Vec<String>,
    /// Reads whose response was cut off or did not come in time, in words, at most 20. Each was held against a clause
    /// only where the same read was cut off again.
    pub cut_once: Vec<String>,
    /// What else is to be known of what was judged, in sentences: what is not whole about it, and what was kept back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What the run cost; of a run on another server than the embedded mock only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<Cost>,
    /// Figures of the run.
    pub totals: Totals,
    /// The recording of the exchanges, where there is one: findings and jobs refer to them by number. It is to be
    /// finished with the verdict.
    #[serde(skip)]
    pub recorder: Option<Recorder>,
}

/// The server that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Target {
    /// Base URL, without user name and password.
    pub base_url: String,
    /// Whether it is the suite's own mock.
    pub embedded: bool,
    /// Faults that the mock was told to have.
    pub faults: Vec<String>,
}

impl Target {
    pub(super) fn of_run(config: &RunConfig) -> Self {
        Self {
            base_url: config.base_url.to_string(),
            embedded: config.embedded,
            faults: (config.faults.iter())
                .map(|fault| fault.name.to_owned())
                .collect(),
        }
    }

    /// Another server than the embedded mock, or what stands for one.
    pub(super) fn named(base_url: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            embedded: false,
            faults: Vec::new(),
        }
    }
}

/// The outcome of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// No violation was found; `because` says how many clauses were judged, where not all were.
    Conformant,
    /// A clause is violated, or the list of known failures is out of date.
    Violated,
    /// Something that had to be judged could not be.
    Inconclusive,
    /// The user ended the run.
    Interrupted,
}

impl Verdict {
    /// The exit code of a run with this verdict.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Conformant => 0,
            Self::Violated => 1,
            Self::Inconclusive => 3,
            Self::Interrupted => 130,
        }
    }

    /// As it is written in every report.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Conformant => "conformant",
            Self::Violated => "violated",
            Self::Inconclusive => "inconclusive",
            Self::Interrupted => "interrupted",
        }
    }
}

/// Figures of a run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Totals {
    /// Requests that were sent.
    pub exchanges: usize,
    /// Jobs that were accepted, or may have been.
    pub jobs: u64,
    /// Time for sending and judging.
    #[serde(rename = "seconds", serialize_with = "milliseconds")]
    pub seconds: f64,
    /// Time that requests waited for the pace, added up.
    #[serde(rename = "waited_seconds", serialize_with = "milliseconds")]
    pub waited: f64,
    /// Time from sending a request to the last byte of its response, added up.
    #[serde(rename = "server_seconds", serialize_with = "milliseconds")]
    pub server: f64,
}

impl Results {
    /// Whether the suite sent the requests itself, and not somebody else.
    pub fn is_run(&self) -> bool {
        self.seed.is_some()
    }

    /// Takes note that the user ended what was judged before it was over. Whatever was found stays found.
    pub fn interrupt(&mut self) {
        self.verdict = Verdict::Interrupted;
        self.exit_code = self.verdict.exit_code();
    }

    /// How many checks have this status.
    pub fn count(&self, status: Status) -> usize {
        self.checks
            .iter()
            .filter(|check| check.status == status)
            .count()
    }

    /// How many checks have each status, the most pressing first: `1 fail, 30 pass`.
    pub fn counts(&self) -> String {
        let counts: Vec<String> = Status::ALL
            .iter()
            .map(|status| (status, self.count(*status)))
            .filter(|(_, count)| *count > 0)
            .map(|(status, count)| format!("{count} {}", status.as_str()))
            .collect();
        counts.join(", ")
    }

    /// The checks that make the verdict `violated`.
    pub fn violations(&self) -> impl Iterator<Item = &CheckResult> {
        self.checks
            .iter()
            .filter(|check| check.is_violation(self.strict))
    }

    /// Says of each finding where its exchange stands in what was judged, by its number.
    pub fn places(&mut self, place: impl Fn(usize) -> Option<String>) {
        for finding in (self.checks.iter_mut()).flat_map(|check| &mut check.findings) {
            finding.place = place(finding.exchange);
            if let Some(against) = &mut finding.against {
                against.place = place(against.exchange);
            }
        }
    }

    /// What was sent: `211 requests` and `1 job`.
    pub fn amounts(&self) -> (String, String) {
        (
            counted(self.totals.exchanges as u64, "request"),
            counted(self.totals.jobs, "job"),
        )
    }

    /// The target in a few words: the base URL, or the mock and its faults.
    pub fn target_name(&self) -> String {
        if !self.target.embedded {
            return self.target.base_url.clone();
        }
        let faults = &self.target.faults;
        if faults.is_empty() {
            return "the embedded mock".to_owned();
        }
        format!("the embedded mock, with {}", faults.join(", "))
    }
}

/// Whether a check was not judged since the server has no paths for the account. All such checks say so alike.
pub(crate) fn has_no_account(check: &CheckResult) -> bool {
    check.status == Status::Vacuous && check.reason.as_deref() == Some(accounts::NONE)
}

/// JSON Schema of `results.json`, derived from its types. What is checked in as `schema/results.schema.json` is the same.
#[cfg(feature = "schema")]
pub fn json_schema() -> schemars::Schema {
    schemars::schema_for!(Results)
}
