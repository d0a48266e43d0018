//! The named ways to break the contract, one file for each family.
//!
//! A fault is added with one entry in the list of its family. What it breaks is what the suite must say of it,
//! no more and no less.

mod acceptance;
mod account;
mod account_charges;
mod account_usage;
mod available_fields;
mod contacts;
mod failed_jobs;
mod forgotten;
mod headers;
mod job_access;
mod job_course;
mod job_reports;
mod job_values;
mod limits;
mod list_jobs;
mod list_pages;
mod listed_reports;
mod locks;
mod malformed_bodies;
mod misjudged;
mod neighbours;
mod numbers;
mod refusal_body;
mod refusal_case;
mod refusal_cases;
mod remembered;
mod repeated_keys;
mod response_counts;
mod response_identity;
mod response_shape;
mod response_values;
mod result_file;
mod result_kinds;
mod result_records;
mod spellings;
mod stages;
mod walks;
mod webhook;

use crate::hooks::Fault;
pub(crate) use refusal_case::named;

/// Families of faults, each with the name of its file.
macro_rules! families {
    ($($family:ident :: faults),* $(,)?) => {
        [$((stringify!($family), $family::faults as fn() -> Vec<Fault>)),*]
    };
}

/// Every fault, by family.
pub(crate) fn all() -> Vec<Fault> {
    let families = families![
        response_shape::faults,
        response_identity::faults,
        response_values::faults,
        response_counts::faults,
        acceptance::faults,
        refusal_cases::faults,
        misjudged::faults,
        forgotten::faults,
        numbers::faults,
        neighbours::faults,
        malformed_bodies::faults,
        available_fields::faults,
        refusal_body::faults,
        job_access::faults,
        job_course::faults,
        job_values::faults,
        job_reports::faults,
        result_file::faults,
        result_records::faults,
        result_kinds::faults,
        list_pages::faults,
        list_jobs::faults,
        listed_reports::faults,
        limits::faults,
        webhook::faults,
        remembered::faults,
        repeated_keys::faults,
        spellings::faults,
        contacts::faults,
        stages::faults,
        failed_jobs::faults,
        locks::faults,
        walks::faults,
        headers::faults,
        account::faults,
        account_usage::faults,
        account_charges::faults,
    ];
    let named = |(family, faults): (_, fn() -> Vec<Fault>)| {
        let faults = faults().into_iter();
        faults.map(move |fault| Fault { family, ..fault })
    };
    families.into_iter().flat_map(named).collect()
}
