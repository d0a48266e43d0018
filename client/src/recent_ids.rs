//! The ids of the last jobs or requests of some kind: a memory that all clones of a client share, and that stays small.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

/// Far more jobs than an account can start while the outcome of one submission is looked into.
const CAPACITY: usize = 1_000;

/// Oldest first. Adding is what each submission does, and looking is rare.
#[derive(Debug, Default)]
pub(crate) struct RecentIds<T = Uuid>(Mutex<VecDeque<T>>);

impl<T: Copy + PartialEq> RecentIds<T> {
    /// Keeps this one, and forgets the oldest where there are too many.
    pub(crate) fn add(&self, id: T) {
        let mut ids = self.ids();
        if ids.len() == CAPACITY {
            ids.pop_front();
        }
        ids.push_back(id);
    }

    pub(crate) fn all(&self) -> Vec<T> {
        self.ids().iter().copied().collect()
    }

    pub(crate) fn contains(&self, id: &T) -> bool {
        self.ids().contains(id)
    }

    fn ids(&self) -> MutexGuard<'_, VecDeque<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
