//! The exchanges that later ones are held against, of the newest few: so that a finding can show both.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

use crate::checks::judgement::Other;

/// Of how many an exchange is kept.
const MOST: usize = 64;

/// The exchanges by what they are about. Of more than a few, the newest are kept.
#[derive(Debug)]
pub(super) struct Latest<K> {
    by_key: HashMap<K, Other>,
    oldest_first: VecDeque<K>,
}

impl<K> Default for Latest<K> {
    fn default() -> Self {
        Self {
            by_key: HashMap::new(),
            oldest_first: VecDeque::new(),
        }
    }
}

impl<K: Hash + Eq + Clone> Latest<K> {
    /// Keeps this one in place of the one before.
    pub(super) fn set(&mut self, key: K, other: Other) {
        if self.by_key.insert(key.clone(), other).is_some() {
            return;
        }
        self.oldest_first.push_back(key);
        if self.oldest_first.len() > MOST
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.by_key.remove(&oldest);
        }
    }

    /// Keeps this one where there is none before.
    pub(super) fn set_first(&mut self, key: K, other: impl FnOnce() -> Other) {
        if !self.by_key.contains_key(&key) {
            self.set(key, other());
        }
    }

    pub(super) fn get(&self, key: &K) -> Option<&Other> {
        self.by_key.get(key)
    }
}
