//! Which dates a submission's job may bear, and how a job fits.

use std::time::{Duration, SystemTime};

use crate::{BatchJob, Timestamp};

/// The year 2000. No job is as old: a date before it is some language's zero, and stands for none.
const FIRST_DATE: Duration = Duration::from_secs(946_684_800);

/// Which dates a submission's job may bear.
#[derive(Debug)]
pub(crate) struct Window {
    /// Jobs since then fit.
    pub(super) certain_from: SystemTime,
    /// Jobs before that don't fit. None where nothing can be said of when the request was sent.
    pub(super) possible_from: Option<SystemTime>,
    /// Whether the submission's job would stand in the list by now.
    pub(crate) is_listed: bool,
    pub(crate) server_time: Option<SystemTime>,
    /// When the request was sent at the earliest, by what is known of the clocks.
    pub(crate) earliest: SystemTime,
    /// By how much that may be wrong.
    pub(crate) margin: Duration,
}

impl Window {
    pub(super) fn fit(&self, job: &BatchJob) -> Fit {
        match created(job) {
            Some(at) if at >= self.certain_from => Fit::Yes,
            _ if self.is_after(job) => Fit::No,
            _ => Fit::Unclear,
        }
    }

    /// Whether the job is too old.
    pub(crate) fn is_after(&self, job: &BatchJob) -> bool {
        created(job)
            .zip(self.possible_from)
            .is_some_and(|(at, from)| at < from)
    }
}

/// When the job was created, if it says so.
pub(crate) fn created(job: &BatchJob) -> Option<SystemTime> {
    let at = job
        .created_at
        .as_ref()
        .and_then(Timestamp::to_system_time)?;
    let since = at.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    (since >= FIRST_DATE).then_some(at)
}

/// Whether a job is a submission's, from the worst to the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fit {
    No,
    Unclear,
    Yes,
}

impl From<bool> for Fit {
    fn from(fits: bool) -> Self {
        if fits { Self::Yes } else { Self::No }
    }
}
