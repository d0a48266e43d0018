//! What a run found: one value that every report is made from, so that all agree on the verdict. How the
//! verdict is reached is in `verdict`, the jobs' histories in `jobs`.

mod jobs;
mod rules;
mod summary;
mod verdict;

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

pub use rules::Rules;

use crate::checks::Level;
use crate::exchange::Exchange;
use crate::recording::Recorder;

/// Names the form of the JSON that a [`Results`] is written as. A new number means that readers must change;
/// keys may be added without one.
pub const SCHEMA: &str = "crustdata-conformance/results/2";

/// What a run found. E-mail addresses, phone numbers and the signatures of download links are
/// masked in all of it, also in the exchanges.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Results of a conformance run")]
pub struct Results {
    /// Always `crustdata-conformance/results/2`.
    #[schemars(extend("const" = SCHEMA))]
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
    /// The accepted jobs, in the order of their acceptance, and how they went on.
    pub jobs: Vec<JobHistory>,
    /// Ids of jobs on a server other than the embedded mock that were not seen to be over.
    pub left_running: Vec<String>,
    /// Figures of the run.
    pub totals: Totals,
    /// The recording of the exchanges, where there is one: findings and jobs refer to them by number. It is to be
    /// finished with the verdict.
    #[serde(skip)]
    pub recorder: Option<Recorder>,
}

/// The server that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Target {
    /// Base URL, without user name and password.
    pub base_url: String,
    /// Whether it is the suite's own mock.
    pub embedded: bool,
    /// Faults that the mock was told to have.
    pub faults: Vec<String>,
}

/// The outcome of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
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

/// What became of one check.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CheckResult {
    /// Id of the clause.
    pub id: &'static str,
    /// Its level.
    pub level: Level,
    /// The clause in words.
    pub clause: String,
    /// The outcome.
    pub status: Status,
    /// Why the check was not judged; for `untestable` and `vacuous`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The entry of the known failures, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known: Option<Known>,
    /// Exchanges that keep the clause.
    pub satisfied: usize,
    /// Exchanges that break it.
    pub violated: usize,
    /// What is wrong, the smallest request that shows it; empty unless `status` is `fail`, `warn` or `known`.
    pub findings: Vec<Finding>,
}

impl CheckResult {
    /// Whether this check alone makes the verdict `violated`.
    pub fn is_violation(&self, strict: bool) -> bool {
        self.status == Status::Fail
            || (strict && self.status == Status::Warn)
            || self.stale().is_some()
    }

    /// Why the entry of the known failures has to go, where it has to.
    pub fn stale(&self) -> Option<Stale> {
        self.known.as_ref().and_then(|known| known.stale)
    }
}

/// The outcome of one check. Only `pass` counts as passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Everything that the clause asks for was seen to be satisfied.
    Pass,
    /// The clause is violated.
    Fail,
    /// A clause is violated that is not binding.
    Warn,
    /// The clause is violated, and listed as known to be.
    Known,
    /// The run's limits, or its end, kept the check from being judged.
    Untestable,
    /// The server was asked, and nothing came back that the check could judge.
    Vacuous,
}

impl Status {
    /// Every status, the most pressing first.
    pub const ALL: [Self; 6] = [
        Self::Fail,
        Self::Warn,
        Self::Known,
        Self::Untestable,
        Self::Vacuous,
        Self::Pass,
    ];

    /// As it is written in every report.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Warn => "warn",
            Self::Known => "known",
            Self::Untestable => "untestable",
            Self::Vacuous => "vacuous",
        }
    }
}

/// What the list of known failures says of a clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Known {
    /// Why the failure is put up with.
    pub reason: String,
    /// The last day on which it is, as `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// Why the entry has to go; absent while it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stale: Option<Stale>,
}

/// Why an entry of the known failures has to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Stale {
    /// The clause is satisfied now.
    Passes,
    /// Its last day is over.
    Expired,
}

impl Stale {
    /// What is wrong with the entry, and what to do about it.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Passes => "listed as a known failure, and passes: remove the entry",
            Self::Expired => {
                "the entry of the known failures has expired: mend the failure, or extend the entry"
            }
        }
    }
}

/// A violated clause, shown by one exchange.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Finding {
    /// What the clause asks for here.
    pub expected: String,
    /// What came instead.
    pub got: String,
    /// The request in a few words.
    pub sent: String,
    /// A command that sends the request again; the key is left to the shell.
    pub curl: String,
    /// A command that runs this check alone, with the same values; of a run only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// Number of the exchange, as `n` in the recording.
    pub exchange: usize,
    /// The status of the response, if there was one.
    pub status: Option<u16>,
    /// The response's body as text, cut where it is long.
    pub body: Option<String>,
    /// The exchange itself, whole.
    #[serde(skip)]
    pub shown: Arc<Exchange>,
}

/// An accepted job, and what was seen of it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct JobHistory {
    /// Id of the job, as the server gave it.
    pub batch_id: String,
    /// Number of the exchange in which it was accepted, as `n` in the recording.
    pub exchange: usize,
    /// The statuses it was seen in, in the order of time; the first is that of the acceptance.
    pub stages: Vec<Stage>,
}

/// A stretch of time over which every poll of a job found the same status.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Stage {
    /// The status, as the server wrote it; without one, the HTTP status or what went wrong.
    pub status: String,
    /// First poll, in seconds from the start of the run.
    #[serde(rename = "from_seconds", serialize_with = "milliseconds")]
    pub from: f64,
    /// Last poll, in seconds from the start of the run.
    #[serde(rename = "to_seconds", serialize_with = "milliseconds")]
    pub to: f64,
    /// How many polls there were.
    pub polls: usize,
}

/// Figures of a run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
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

fn milliseconds<S: Serializer>(seconds: &f64, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_f64((seconds * 1000.0).round() / 1000.0)
}

impl Results {
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

    /// What was sent: `211 requests` and `1 job`.
    pub fn amounts(&self) -> (String, String) {
        let amount = |n: u64, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
        (
            amount(self.totals.exchanges as u64, "request"),
            amount(self.totals.jobs, "job"),
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

/// JSON Schema of `results.json`.
pub fn json_schema() -> schemars::Schema {
    schemars::schema_for!(Results)
}
