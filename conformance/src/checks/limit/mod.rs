//! The checks of the limits of an account: one file for each `limit.*` clause.

pub(super) mod active_jobs;
pub(super) mod headers;
