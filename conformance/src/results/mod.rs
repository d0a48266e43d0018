//! What a run found: one value that every report is made from, so that all agree on the verdict. How the
//! verdict is reached is in `summary`.

mod summary;

use serde::{Serialize, Serializer};

pub use summary::Rules;

use crate::checks::Level;

/// Names the form of the JSON that a [`Results`] is written as. A new number means that readers must change.
pub const SCHEMA: &str = "crustdata-conformance/results/1";

/// What a run found.
#[derive(Debug, Clone, Serialize)]
pub struct Results {
    /// Always [`SCHEMA`].
    pub schema: &'static str,
    /// The outcome in one word.
    pub verdict: Verdict,
    /// The exit code of the run; see [`Verdict::exit_code`].
    pub exit_code: u8,
    /// The server that was checked.
    pub target: Target,
    /// What the made-up values follow from.
    pub seed: u64,
    /// Made-up submissions that were asked for, after the catalogue's.
    pub cases: u32,
    /// Why the run ended early, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
    /// Each selected check, in the order of the contract.
    pub checks: Vec<CheckResult>,
    /// Figures of the run.
    pub totals: Totals,
}

/// The server that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Target {
    /// Base URL, without user name and password.
    pub base_url: String,
    /// Whether it is the suite's own mock.
    pub embedded: bool,
    /// Faults that the mock was told to have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<String>,
}

/// The outcome of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// What was judged is kept.
    Conformant,
    /// A clause is broken.
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
}

/// What became of one check.
#[derive(Debug, Clone, Serialize)]
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
    /// Exchanges that keep the clause.
    pub kept: usize,
    /// Exchanges that break it.
    pub broken: usize,
    /// What is wrong, the smallest request that shows it; empty unless `status` is `fail` or `warn`.
    pub findings: Vec<Finding>,
}

/// The outcome of one check. Only `pass` counts as passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Everything that the clause asks for was seen to be kept.
    Pass,
    /// The clause is broken.
    Fail,
    /// A clause is broken that is not binding.
    Warn,
    /// The run's limits, or its end, kept the check from being judged.
    Untestable,
    /// The server was asked, and nothing came back that the check could judge.
    Vacuous,
}

impl Status {
    /// As it is written in every report.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Warn => "warn",
            Self::Untestable => "untestable",
            Self::Vacuous => "vacuous",
        }
    }
}

/// A broken clause, shown by one exchange.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// What the clause asks for here.
    pub expected: String,
    /// What came instead.
    pub got: String,
    /// The request in a few words.
    pub sent: String,
    /// A command that sends the request again; the key is left to the shell.
    pub curl: String,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// The answer's body as text, cut where it is long.
    pub body: Option<String>,
}

/// Figures of a run.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
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
}
