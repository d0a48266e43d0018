//! What a run leaves behind.

use std::collections::BTreeSet;
use std::time::Duration;

use super::stop::Stop;
use crate::assessment::Assessment;

/// What a run leaves behind.
#[derive(Debug)]
pub struct Run {
    /// What was made of its exchanges.
    pub assessment: Assessment,
    /// How it ended.
    pub end: End,
}

/// How a run ended.
#[derive(Debug, Default)]
pub struct End {
    /// Ids of the checks that would have been served by a request that the budget ruled out.
    pub skipped: BTreeSet<&'static str>,
    /// Ids of the checks that a submission would have served which was throttled in a way that leaves open whether a
    /// job was made, and was not repeated, since it names profiles of the user's.
    pub left_open: BTreeSet<&'static str>,
    /// Jobs that were accepted and not seen to be over.
    pub active: Vec<String>,
    /// Jobs that were accepted, or may have been.
    pub jobs: u64,
    /// Why the run ended early, if it did.
    pub stop: Option<Stop>,
    /// How long it took.
    pub took: Duration,
    /// How much of that was waiting for the pace, added up over all that sends.
    pub waited: Duration,
}
