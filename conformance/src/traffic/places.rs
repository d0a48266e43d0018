//! Where exchanges stood in what was read, by their numbers.

use super::met::Place;

/// The most stretches that are remembered: of an exchange behind them, it is not known where it stood.
const MOST_STRETCHES: usize = 250_000;

/// Where each exchange stood. Most follow the one before them, so only those are kept that don't.
#[derive(Debug, Default)]
pub struct Places {
    /// The number of the first exchange of each stretch, and where it stood.
    stretches: Vec<(u32, Place)>,
    /// How many exchanges there are.
    count: u32,
    last: Option<Place>,
}

impl Places {
    /// One more exchange.
    pub(super) fn push(&mut self, place: Place) {
        let next = |last: Place| (last.file, last.entry + 1) == (place.file, place.entry);
        if !self.last.is_some_and(next) {
            if self.stretches.len() >= MOST_STRETCHES {
                // Nor may those behind it be taken for the next ones.
                self.last = None;
                return;
            }
            self.stretches.push((self.count, place));
        }
        self.last = Some(place);
        self.count += 1;
    }

    /// Where the exchange with this number stood: the number of the file, and its number there, both from 0.
    pub fn find(&self, exchange: usize) -> Option<(usize, usize)> {
        let number = u32::try_from(exchange)
            .ok()
            .filter(|number| *number < self.count)?;
        let behind = self
            .stretches
            .partition_point(|(first, _)| *first <= number);
        let (first, place) = self.stretches[..behind].last()?;
        Some((place.file.into(), (place.entry + (number - first)) as usize))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_place_is_found_again(places in proptest::collection::vec((0..2u16, 0..4u32), 0..40)) {
            let mut all = Places::default();
            for &(file, entry) in &places {
                all.push(Place { file, entry });
            }
            for (n, &(file, entry)) in places.iter().enumerate() {
                prop_assert_eq!(all.find(n), Some((file.into(), entry as usize)));
            }
            prop_assert_eq!(all.find(places.len()), None);
        }
    }
}
