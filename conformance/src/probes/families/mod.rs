//! Families of submissions that a correct server refuses, each made from tables and small combinators, one file a
//! family. What a probe deserves is read from its bytes: whatever turns out to be valid, or open, is not sent.
//!
//! A family is made of groups, each of which asks one kind of question ever more closely. Only what is sent is made.

mod beside;
mod bodies;
mod combined;
mod covering;
mod neighbours;
mod numbers;
mod repeated;

pub(super) use combined::acceptances;

use super::draft::{Draft, Group};

/// The groups of each family.
pub(super) fn groups() -> Vec<Group> {
    let mut groups = neighbours::groups();
    groups.extend(numbers::groups());
    groups.extend(bodies::groups());
    groups.extend(repeated::groups());
    groups.extend(beside::groups());
    groups
}

/// The first draft of each group, then the second of each, and so on.
pub(super) fn interleaved(groups: Vec<Group>) -> impl Iterator<Item = Draft> {
    let mut groups: Vec<_> = groups.into_iter().map(Vec::into_iter).collect();
    let mut round = Vec::new().into_iter();
    std::iter::from_fn(move || {
        round.next().or_else(|| {
            let next: Vec<Draft> = groups.iter_mut().filter_map(Iterator::next).collect();
            round = next.into_iter();
            round.next()
        })
    })
}
