//! What became of one check, as the reports show it. How it is found out is in `outcome`.

use std::sync::Arc;

use serde::Serialize;

use crate::checks::Level;
use crate::exchange::Exchange;

/// What became of one check.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CheckResult {
    /// Id of the clause.
    pub id: &'static str,
    /// Its level.
    pub level: Level,
    /// The clause in words.
    pub clause: String,
    /// What to change where it is violated.
    pub fix: String,
    /// The outcome.
    pub status: Status,
    /// Why the check was not judged; for `untestable` and `vacuous`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The entry of the known failures, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known: Option<Known>,
    /// Exchanges that satisfy the clause.
    pub satisfied: usize,
    /// Exchanges that violate it.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Known {
    /// Why the failure is tolerated.
    pub reason: String,
    /// The last day on which it is, as `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// Why the entry has to go; absent while it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stale: Option<Stale>,
}

/// Why an entry of the known failures has to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Finding {
    /// What the clause asks for here.
    pub expected: String,
    /// What came instead.
    pub got: String,
    /// The request in a few words.
    pub sent: String,
    /// A command that runs this check alone, with the same values, and shows it violated again unless the server errs
    /// at random; of a run only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// A command that serves the mock that `curl` sends to; of the embedded mock only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serve: Option<String>,
    /// A command that sends the request again, the key left to the shell; absent where that would show nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub curl: Option<String>,
    /// Number of the exchange, as `n` in the recording.
    pub exchange: usize,
    /// Where the exchange stands in the recording that was judged, in words; of a recording of others only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The status of the response, if there was one.
    pub status: Option<u16>,
    /// The response's body as people read it: cut where it is long, unpacked where it is packed, JSON indented.
    pub body: Option<String>,
    /// The exchange that this one is held against, where both together show the violation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub against: Option<Against>,
    /// The exchange itself, whole.
    #[serde(skip)]
    pub shown: Arc<Exchange>,
}

/// An exchange that another one is held against.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Against {
    /// The request in a few words.
    pub sent: String,
    /// Number of the exchange, as `n` in the recording.
    pub exchange: usize,
    /// Where it stands in the recording that was judged; of a recording of others only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The status of the response, if there was one.
    pub status: Option<u16>,
    /// The response's body, as that of a finding.
    pub body: Option<String>,
    /// The exchange itself, whole.
    #[serde(skip)]
    pub shown: Arc<Exchange>,
}

impl Against {
    /// In a few words: what was sent, and which exchange it is.
    pub fn brief(&self) -> String {
        let status = self.status.map(|status| format!(", answered {status}"));
        let (sent, status) = (&self.sent, status.unwrap_or_default());
        format!("{sent}{status} (exchange {})", self.exchange)
    }
}
