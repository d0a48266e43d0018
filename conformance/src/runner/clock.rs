//! The time of a run: that of this machine, or, where no wait takes any, the sum of the waits.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::trial::{Skip, Trial};

/// The time of one run.
pub(super) struct Clock {
    started: Instant,
    skip: Option<Skip>,
    skipped: Mutex<Duration>,
}

impl Clock {
    /// A clock that begins now.
    pub(super) fn new(trial: &Trial) -> Self {
        Self {
            started: Instant::now(),
            skip: trial.skip.clone(),
            skipped: Mutex::default(),
        }
    }

    /// Time since the start.
    pub(super) fn elapsed(&self) -> Duration {
        match self.skip {
            Some(_) => *self.skipped.lock().unwrap_or_else(PoisonError::into_inner),
            None => self.started.elapsed(),
        }
    }

    /// Waits for so long.
    pub(super) async fn wait(&self, time: Duration) {
        match &self.skip {
            Some(skip) => {
                *self.skipped.lock().unwrap_or_else(PoisonError::into_inner) += time;
                skip(time);
            }
            None => tokio::time::sleep(time).await,
        }
    }
}
