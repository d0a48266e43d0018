//! The time of a run: that of this machine, or, where no wait takes any, the sum of the waits.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::trial::{Skip, Trial};
use crate::lock::lock;

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
            Some(_) => *lock(&self.skipped),
            None => self.started.elapsed(),
        }
    }

    /// Waits for so long.
    pub(super) async fn wait(&self, time: Duration) {
        match &self.skip {
            Some(skip) => {
                *lock(&self.skipped) += time;
                skip(time);
            }
            // A sleep of no time lasts until the timer's next millisecond.
            None if time.is_zero() => {}
            None => tokio::time::sleep(time).await,
        }
    }
}
