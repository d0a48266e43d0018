//! How a run is to be summed up: what its caller decides.

use chrono::{DateTime, Utc};

use crate::known::KnownFailures;

/// How to sum up a run.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Whether a warning makes the verdict `violated`.
    pub strict: bool,
    /// Whether not judging any of the selected checks makes the verdict `inconclusive`.
    pub require_all: bool,
    /// Ids of checks that were asked for by name: not judging one makes the verdict `inconclusive`.
    pub by_name: Vec<&'static str>,
    /// Clauses that are known to be violated.
    pub known: KnownFailures,
    /// What the clock said when the run was started: entries of `known` expire by it.
    pub now: DateTime<Utc>,
    /// How the suite is called where the user stands: the first words of each line that brings a finding back, as a
    /// shell reads them.
    pub program: String,
}

impl Default for Rules {
    /// Warnings are none but warnings, nothing has to be judged, nothing is known, it is now, and the suite is
    /// installed.
    fn default() -> Self {
        Self {
            strict: false,
            require_all: false,
            by_name: Vec::new(),
            known: KnownFailures::default(),
            now: Utc::now(),
            program: "conformance".to_owned(),
        }
    }
}
