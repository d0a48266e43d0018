//! The checks of a job's status: one file for each `job.*` clause.

pub(super) mod authorization;
pub(super) mod counts;
pub(super) mod download_links;
pub(super) mod error_message;
pub(super) mod found;
pub(super) mod progress;
pub(super) mod required_keys;
pub(super) mod same_job;
pub(super) mod status;
pub(super) mod terminal;
pub(super) mod unknown_id;
pub(super) mod version_optional;
