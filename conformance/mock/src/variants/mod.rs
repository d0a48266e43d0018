//! The benign variants: departures that the contract leaves open, which must never violate a clause.

mod account;
mod beside;
mod conduct;
mod reads;
mod refusals;
mod responses;
mod results;
mod spelled;
mod usage;

use crate::hooks::Fault;

/// Every benign variant.
pub(crate) fn all() -> Vec<Fault> {
    let families = [
        responses::variants,
        conduct::variants,
        results::variants,
        reads::variants,
        beside::variants,
        account::variants,
        usage::variants,
        refusals::variants,
        spelled::variants,
    ];
    families
        .into_iter()
        .flat_map(|variants| variants())
        .collect()
}
