//! What a run is doing, for a person who waits: told with every exchange and every wait. Nothing depends on it.

use crate::lock::lock;
use std::sync::Mutex;
use std::time::Duration;

/// What a run is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// What is being done, in a word or two.
    pub phase: &'static str,
    /// Exchanges so far.
    pub exchanges: usize,
    /// What the next request has to wait for, if anything.
    pub waiting: Option<Waiting>,
}

/// What a run waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Waiting {
    /// The pace, or a server that asked for patience; for this long.
    Pace(Duration),
    /// The job with this id, to be over.
    Job(String),
}

/// Tells whoever listens.
pub(super) struct Reporter<'a> {
    listener: &'a (dyn Fn(Progress) + Sync),
    last: Mutex<Progress>,
}

impl<'a> Reporter<'a> {
    pub(super) fn new(listener: &'a (dyn Fn(Progress) + Sync)) -> Self {
        Self {
            listener,
            last: Mutex::new(Progress {
                phase: "start",
                exchanges: 0,
                waiting: None,
            }),
        }
    }

    /// Another phase begins.
    pub(super) fn phase(&self, phase: &'static str) {
        self.tell(|last| {
            last.phase = phase;
            last.waiting = None;
        });
    }

    /// An exchange was recorded; there are so many now.
    pub(super) fn exchanges(&self, exchanges: usize) {
        self.tell(|last| {
            last.exchanges = exchanges;
            last.waiting = None;
        });
    }

    /// A wait begins.
    pub(super) fn waiting(&self, waiting: Waiting) {
        self.tell(|last| last.waiting = Some(waiting));
    }

    fn tell(&self, change: impl FnOnce(&mut Progress)) {
        let mut last = lock(&self.last);
        change(&mut last);
        let now = last.clone();
        drop(last);
        (self.listener)(now);
    }
}
