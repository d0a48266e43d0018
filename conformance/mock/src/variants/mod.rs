//! The benign variants: departures that the contract leaves open, which must never turn a clause red.

mod answers;
mod conduct;
mod results;

use crate::faults::Fault;

/// Every benign variant.
pub fn variants() -> impl Iterator<Item = &'static Fault> {
    [answers::VARIANTS, conduct::VARIANTS, results::VARIANTS]
        .into_iter()
        .flatten()
}

/// Breaks nothing.
const NOTHING: &[&str] = &[];
