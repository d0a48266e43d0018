//! The named ways to break the contract, one file for each family.
//!
//! A fault is added with one entry in the list of its family. Its effects are small functions at the seams of
//! [`Effect`]; what it breaks is what the suite must say of it, no more and no less.

mod acceptance;
mod access;
mod answer_counts;
mod answer_identity;
mod answer_shape;
mod answer_values;
mod error_body;
mod job_access;
mod job_course;
mod job_reports;
mod job_values;
mod leftovers;
mod limits;
mod list_jobs;
mod list_pages;
mod rejected_chunk_size;
mod rejected_fields;
mod rejected_identifiers;
mod rejected_status;
mod result_file;
mod result_kinds;
mod result_records;
mod webhook;

use crate::effect::Effect;
use crate::variants::variants;

/// A named departure of the mock from the plain compliant server: a fault if it breaks clauses, a benign
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
static FAMILIES: &[&[Fault]] = &[
    answer_shape::FAULTS,
    answer_identity::FAULTS,
    answer_values::FAULTS,
    answer_counts::FAULTS,
    acceptance::FAULTS,
    access::FAULTS,
    rejected_identifiers::FAULTS,
    rejected_fields::FAULTS,
    rejected_chunk_size::FAULTS,
    rejected_status::FAULTS,
    error_body::FAULTS,
    leftovers::FAULTS,
    job_access::FAULTS,
    job_course::FAULTS,
    job_values::FAULTS,
    job_reports::FAULTS,
    result_file::FAULTS,
    result_records::FAULTS,
    result_kinds::FAULTS,
    list_pages::FAULTS,
    list_jobs::FAULTS,
    limits::FAULTS,
    webhook::FAULTS,
];

/// Every fault, by family.
pub fn faults() -> impl Iterator<Item = &'static Fault> {
    FAMILIES.iter().copied().flatten()
}

/// The fault or variant of this name.
///
/// ```
/// use crustdata_mock as mock;
///
/// let fault = mock::find("status-processing").expect("a fault of this name");
/// assert_eq!(fault.breaks, ["submit.status-pending"]);
/// assert!(mock::find("no-such-fault").is_none());
/// ```
pub fn find(name: &str) -> Option<&'static Fault> {
    faults().chain(variants()).find(|fault| fault.name == name)
}

/// A large job, far from both bounds: faults that show only there have this threshold.
const LARGE: usize = crate::generated::contract::submit::identifiers::MAX / 6;

/// Whether a fault that shows only now and then shows in the job or submission of this number.
fn is_now_and_then(number: u64) -> bool {
    number.is_multiple_of(7)
}

/// A value of an enum that is not the right one.
fn other_than(right: &str, values: &'static [&'static str]) -> &'static str {
    values
        .iter()
        .find(|value| **value != right)
        .copied()
        .unwrap_or("other")
}
