//! The named ways to break the contract, one file for each family.

use super::effect::Effect;
use super::variants::variants;

/// A named departure of the mock from the plain honest server: a fault if it breaks clauses, a benign
/// variant if it breaks none.
#[derive(Debug)]
#[non_exhaustive]
pub struct Fault {
    /// Permanent, in kebab case.
    pub name: &'static str,
    /// Ids of the clauses that it breaks, and no others.
    pub breaks: &'static [&'static str],
    /// What it does, in a sentence.
    pub about: &'static str,
    pub(crate) effects: &'static [Effect],
}

/// Every family of faults.
static FAMILIES: &[&[Fault]] = &[];

/// Every fault, by family.
pub fn faults() -> impl Iterator<Item = &'static Fault> {
    FAMILIES.iter().copied().flatten()
}

/// The fault or variant of this name.
pub fn find(name: &str) -> Option<&'static Fault> {
    faults().chain(variants()).find(|fault| fault.name == name)
}
