//! Generated cases that stand for all of them where it is reckoned what a run sends. How many times each counts is in
//! `likely`.

use std::sync::{Arc, OnceLock};

use super::shrink;
use crate::exchange::Request;

/// Generated cases that are looked at; more of them are like these.
const SAMPLE: usize = 256;

/// The first generated cases of a seed, each made when it is first looked at.
pub(super) struct Sample {
    seed: u64,
    requests: [OnceLock<Request>; SAMPLE],
}

impl Sample {
    pub(super) fn of(seed: u64) -> Arc<Self> {
        let requests = [const { OnceLock::new() }; SAMPLE];
        Arc::new(Self { seed, requests })
    }

    /// As many of them as a run with so many generated cases has.
    pub(super) fn take(&self, cases: u32) -> impl ExactSizeIterator<Item = &Request> {
        let requests = self.requests.iter().take(cases as usize).enumerate();
        requests
            .map(|(n, request)| request.get_or_init(|| shrink::case(self.seed, n as u32).request()))
    }
}
