//! The ids of the last jobs or requests of some kind: a memory that all clones of a client share, and that stays small.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use uuid::Uuid;

/// Far more jobs than an account can start while the outcome of one submission is looked into.
const CAPACITY: usize = 1_000;

#[derive(Debug, Default)]
pub(crate) struct RecentIds<T = Uuid>(Mutex<VecDeque<T>>);

impl<T: Clone + PartialEq> RecentIds<T> {
    /// Keeps this one, and forgets the oldest where there are too many.
    pub(crate) fn add(&self, id: T) {
        let mut ids = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if ids.contains(&id) {
            return;
        }
        if ids.len() == CAPACITY {
            ids.pop_front();
        }
        ids.push_back(id);
    }

    pub(crate) fn all(&self) -> Vec<T> {
        let ids = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ids.iter().cloned().collect()
    }

    pub(crate) fn contains(&self, id: T) -> bool {
        let ids = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ids.contains(&id)
    }
}
