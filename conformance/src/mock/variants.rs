//! The benign variants: departures that the contract leaves open, which must never turn a clause red.

use super::Fault;

static VARIANTS: &[Fault] = &[];

/// Every benign variant.
pub fn variants() -> impl Iterator<Item = &'static Fault> {
    VARIANTS.iter()
}
