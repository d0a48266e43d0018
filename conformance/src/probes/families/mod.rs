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

/// A family of probes.
#[derive(Debug)]
pub struct Family {
    /// Its name.
    pub name: &'static str,
    /// The families of the mock's faults that it was written for, as [`crustdata_mock::Fault::family`] has them.
    pub faults: &'static [&'static str],
    groups: fn() -> Vec<Group>,
}

/// Valid submissions in which features stand together. It is apart from the others, since it is paid for.
pub static COMBINED: Family = Family {
    name: "combined",
    faults: &[
        "acceptance",
        "response_values",
        "response_counts",
        "spellings",
    ],
    groups: Vec::new,
};

/// Every family.
pub static FAMILIES: [&Family; 6] = [
    &Family {
        name: "neighbours",
        faults: &["neighbours"],
        groups: neighbours::groups,
    },
    &Family {
        name: "numbers",
        faults: &["numbers"],
        groups: numbers::groups,
    },
    &Family {
        name: "bodies",
        faults: &["malformed_bodies"],
        groups: bodies::groups,
    },
    &Family {
        name: "repeated",
        faults: &["repeated_keys"],
        groups: repeated::groups,
    },
    &Family {
        name: "beside",
        faults: &["forgotten"],
        groups: beside::groups,
    },
    &COMBINED,
];

/// The groups of each family but this one.
pub(super) fn groups(without: Option<&Family>) -> Vec<Group> {
    let kept = FAMILIES.iter().filter(|family| !is(family, without));
    kept.flat_map(|family| (family.groups)()).collect()
}

/// Whether it is this family.
pub(super) fn is(family: &Family, other: Option<&Family>) -> bool {
    other.is_some_and(|other| other.name == family.name)
}

/// The first draft of each group, then the second of each, and so on.
pub(super) fn interleaved(groups: Vec<Group>) -> impl Iterator<Item = Draft> + Send {
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
