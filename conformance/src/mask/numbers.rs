//! The numbers that stand for masked values.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use crate::contract::fingerprint::fingerprint;

/// The number of each value, by the value's fingerprint, so that no value is kept.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    numbers: HashMap<u64, u64>,
    /// What stands for the values beyond the most that are numbered. Nobody else can tell the value from it.
    beyond: RandomState,
}

/// The most values of a kind that are numbered.
const MOST_NUMBERS: usize = 100_000;

impl Numbers {
    /// The number of `value`, counted from 1 in the order of first occurrence.
    pub(super) fn of(&mut self, value: &[u8]) -> u64 {
        let print = fingerprint(value);
        let next = self.numbers.len() as u64 + 1;
        if self.numbers.len() >= MOST_NUMBERS {
            let known = self.numbers.get(&print).copied();
            // Never one of those that were counted.
            return known.unwrap_or_else(|| self.beyond.hash_one(value) | 1 << 63);
        }
        *self.numbers.entry(print).or_insert(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_value_has_the_same_number_however_many_there_are() {
        let mut numbers = Numbers::default();
        let all: Vec<u64> = (0..MOST_NUMBERS + 100)
            .map(|n| numbers.of(n.to_string().as_bytes()))
            .collect();
        let again = (0..all.len()).map(|n| numbers.of(n.to_string().as_bytes()));
        assert!(all.iter().copied().eq(again));
        let distinct: std::collections::HashSet<u64> = all.iter().copied().collect();
        assert_eq!(distinct.len(), all.len());
        assert_eq!(numbers.numbers.len(), MOST_NUMBERS);
    }
}
