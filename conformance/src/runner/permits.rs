//! The permits for active jobs: which jobs hold one. Who waits for a permit, and how, is not decided here.

use std::collections::VecDeque;

/// A number of permits for active jobs, each held by a job until it is over.
pub(super) struct Permits {
    permits: usize,
    active: VecDeque<String>,
}

impl Permits {
    pub(super) fn new(permits: usize) -> Self {
        Self {
            permits,
            active: VecDeque::new(),
        }
    }

    /// Hands a permit to a job, where one was accepted.
    pub(super) fn hold(&mut self, job: Option<String>) {
        self.active.extend(job);
    }

    /// Takes back the permit of the job that holds one for the longest time.
    pub(super) fn release_oldest(&mut self) {
        self.active.pop_front();
    }

    /// Whether no further job may be submitted, for all that is known.
    pub(super) fn is_full(&self) -> bool {
        self.active.len() >= self.permits
    }

    /// The job that holds a permit for the longest time, where one does.
    pub(super) fn oldest(&self) -> Option<&str> {
        self.active.front().map(String::as_str)
    }

    /// The newest of the jobs, at most so many.
    pub(super) fn newest(&self, most: usize) -> Vec<String> {
        let older = self.active.len().saturating_sub(most);
        self.active.iter().skip(older).cloned().collect()
    }
}
