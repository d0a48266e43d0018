//! The ids of the last jobs or requests of some kind: a memory that all clones of a client share, and that stays small.

use std::collections::{HashSet, VecDeque};
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

/// Far more jobs than an account can start while the outcome of one submission is looked into.
const CAPACITY: usize = 1_000;

#[derive(Debug, Default)]
pub(crate) struct RecentIds<T = Uuid>(Mutex<Ids<T>>);

#[derive(Debug, Default)]
struct Ids<T> {
    known: HashSet<T>,
    /// The same, oldest first.
    by_age: VecDeque<T>,
}

impl<T: Clone + Eq + Hash> RecentIds<T> {
    /// Keeps this one, and forgets the oldest where there are too many.
    pub(crate) fn add(&self, id: T) {
        let mut ids = self.ids();
        if !ids.known.insert(id.clone()) {
            return;
        }
        if ids.by_age.len() == CAPACITY
            && let Some(oldest) = ids.by_age.pop_front()
        {
            ids.known.remove(&oldest);
        }
        ids.by_age.push_back(id);
    }

    pub(crate) fn all(&self) -> Vec<T> {
        self.ids().by_age.iter().cloned().collect()
    }

    pub(crate) fn contains(&self, id: &T) -> bool {
        self.ids().known.contains(id)
    }

    fn ids(&self) -> MutexGuard<'_, Ids<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
